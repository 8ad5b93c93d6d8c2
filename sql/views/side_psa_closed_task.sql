-- One row per task that the PSA or the ERP has closed: how many lines of approved billable time, not yet invoiced, were entered on it
-- after that.
CREATE OR REPLACE VIEW side_psa_closed_task AS
SELECT
  c.key AS key,
  any(c.k) AS k,
  1 AS present,
  greatest(any(c.changed_at), maxIf(t.changed_at, t.recorded_at > c.closed_at)) AS changed_at,
  any(c.source_id) AS source_id,
  any(c.native_id) AS native_id,
  toDecimal64(countIf(t.recorded_at > c.closed_at), 4) AS late_lines,
  toString(any(c.closed_at)) AS closed_at,
  any(c.closed_in) AS closed_in,
  any(c.task_name) AS task_name,
  any(c.project_name) AS project_name,
  any(c.project_key) AS project_key,
  any(c.customer_key) AS customer_key,
  any(c.legal_entity) AS legal_entity,
  any(c.currency) AS currency
FROM base_closed_task AS c
LEFT JOIN
(
  SELECT task_key, recorded_at, changed_at
  FROM base_open_time
  -- few are late, so they are found without FINAL first
  WHERE task_key != '' AND k IN
  (
    SELECT v.k
    FROM (SELECT k, task_key, recorded_at FROM time_entry WHERE role = 'psa' AND is_invoiced = 0) AS v
    INNER JOIN base_closed_task AS vc ON vc.key = v.task_key
    WHERE v.recorded_at > vc.closed_at
  )
) AS t ON t.task_key = c.key
GROUP BY c.key
