-- One row per task of the PSA that is closed there or in the ERP, and since when: the time of the closed record's last change, the
-- earlier one where both are closed.
CREATE OR REPLACE VIEW base_closed_task AS
SELECT
  t.key AS key,
  t.k AS k,
  t.source_id AS source_id,
  t.native_id AS native_id,
  e.source_id AS erp_source_id,
  e.native_id AS erp_native_id,
  t.changed_at AS changed_at,
  e.closed_at AS erp_changed_at,
  multiIf(t.is_open = 1, e.closed_at, e.tasks = 0, t.changed_at, least(t.changed_at, e.closed_at)) AS closed_at,
  multiIf(t.is_open = 1, 'ERP', e.tasks = 0, 'PSA', 'PSA and ERP') AS closed_in,
  t.name AS task_name,
  p.name AS project_name,
  t.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency
FROM task AS t FINAL
LEFT JOIN
(
  SELECT
    key,
    count() AS tasks,
    min(task.source_id) AS source_id,
    min(task.native_id) AS native_id,
    min(changed_at) AS closed_at
  FROM task FINAL
  WHERE role = 'erp' AND is_deleted = 0 AND is_open = 0
  GROUP BY key
) AS e ON e.key = t.key
LEFT JOIN base_project AS p ON p.key = t.project_key
WHERE t.role = 'psa' AND t.is_deleted = 0 AND (t.is_open = 0 OR e.tasks > 0)
