-- One row per task in the ERP: present until deleted, when it is one of the PSA's. Finance may break its projects down further.
CREATE OR REPLACE VIEW side_erp_task AS
SELECT
  key,
  k,
  (is_deleted = 0 AND key IN (SELECT key FROM task FINAL WHERE role = 'psa' AND is_deleted = 0)) AS present,
  changed_at,
  source_id,
  native_id,
  if(is_billable = 1, 'billable', 'not billable') AS billing,
  name AS task_name,
  '' AS project_name,
  project_key,
  '' AS customer_key,
  '' AS legal_entity,
  '' AS currency
FROM task FINAL
WHERE role = 'erp'
