-- One row per task in the PSA that both it and its project are known under to other systems.
CREATE OR REPLACE VIEW side_psa_task_project AS
SELECT
  key,
  k,
  (is_deleted = 0 AND project_key != '' AND NOT startsWith(project_key, 'unlinked:') AND NOT startsWith(key, 'unlinked:')) AS present,
  changed_at,
  source_id,
  native_id,
  project_key,
  '' AS customer_key,
  '' AS legal_entity,
  '' AS currency,
  name AS task_name
FROM task FINAL
WHERE role = 'psa'
