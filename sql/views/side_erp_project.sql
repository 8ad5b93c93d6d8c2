-- One row per project in the ERP: present until deleted.
CREATE OR REPLACE VIEW side_erp_project AS
SELECT
  key,
  k,
  (is_deleted = 0) AS present,
  changed_at,
  source_id,
  native_id,
  code,
  start_on,
  end_on,
  department,
  practice,
  region,
  key AS project_key,
  customer_key,
  legal_entity,
  currency,
  name AS project_name
FROM project FINAL
WHERE role = 'erp'
