-- One row per task in the PSA: present when the ERP has it, or when approved billable time on it waits to be invoiced. Work on a task
-- that finance lacks counts as new from the line that has waited longest.
CREATE OR REPLACE VIEW side_psa_task AS
SELECT
  t.key AS key,
  t.k AS k,
  (t.is_deleted = 0 AND (u.lines > 0 OR t.key IN (SELECT key FROM task FINAL WHERE role = 'erp' AND is_deleted = 0))) AS present,
  greatest(t.changed_at, u.used_at) AS changed_at,
  t.source_id AS source_id,
  t.native_id AS native_id,
  if(t.is_billable = 1, 'billable', 'not billable') AS billing,
  t.name AS task_name,
  p.name AS project_name,
  t.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency
FROM task AS t FINAL
LEFT JOIN
(
  SELECT task_key, count() AS lines, min(changed_at) AS used_at
  FROM base_open_time
  WHERE task_key != ''
  GROUP BY task_key
) AS u ON u.task_key = t.key
LEFT JOIN base_project AS p ON p.key = t.project_key
WHERE t.role = 'psa'
