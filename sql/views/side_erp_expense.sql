-- One row per expense in the ERP: present when approved.
CREATE OR REPLACE VIEW side_erp_expense AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_approved = 1) AS present,
  changed_at,
  source_id,
  native_id,
  amount,
  currency,
  if(expense.is_billable = 1, 'billable', 'not billable') AS billing,
  project_key,
  '' AS customer_key,
  '' AS legal_entity,
  toString(is_billable) AS is_billable,
  toString(incurred_on) AS incurred_on,
  category
FROM expense FINAL
WHERE role = 'erp'
