-- One row per project in the ERP: present until deleted.
CREATE OR REPLACE VIEW side_erp_project_currency AS
SELECT
  key,
  k,
  (is_deleted = 0 AND currency != '') AS present,
  changed_at,
  source_id,
  native_id,
  key AS project_key,
  customer_key,
  legal_entity,
  currency,
  currency AS billed_in,
  name AS project_name
FROM project FINAL
WHERE role = 'erp'
