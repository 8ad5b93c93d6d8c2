-- One row per milestone in the ERP: present when it is ready to be billed, or was.
CREATE OR REPLACE VIEW side_erp_milestone AS
SELECT
  key,
  k,
  (is_deleted = 0 AND (is_accepted = 1 OR is_invoiced = 1)) AS present,
  changed_at,
  source_id,
  native_id,
  amount,
  due_on,
  project_key,
  '' AS customer_key,
  '' AS legal_entity,
  currency,
  name AS milestone_name,
  status
FROM milestone FINAL
WHERE role = 'erp'
