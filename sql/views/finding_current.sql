-- One row per key that does not match, as things stand: the newest judgement since the last conclusive full run of its comparison.
CREATE OR REPLACE VIEW finding_current AS
WITH
  last_full AS
  (
    SELECT
      comparison,
      max(started_at) AS at
    FROM comparison_run
    WHERE mode = 'full' AND status IN ('clean', 'exceptions')
    GROUP BY comparison
  ),
  conclusive AS
  (
    SELECT r.run_id AS run_id
    FROM comparison_run AS r
    INNER JOIN last_full AS f ON f.comparison = r.comparison
    WHERE r.status IN ('clean', 'exceptions') AND r.started_at >= f.at
  )
SELECT
  comparison,
  key,
  any(k) AS k,
  argMax(kind, run_at) AS kind,
  argMax(settling, run_at) AS settling,
  argMax(differing, run_at) AS differing,
  argMax(waiting, run_at) AS waiting,
  argMax(l_rows, run_at) AS l_rows,
  argMax(r_rows, run_at) AS r_rows,
  argMax(l_native_ids, run_at) AS l_native_ids,
  argMax(r_native_ids, run_at) AS r_native_ids,
  argMax(project_key, run_at) AS project_key,
  argMax(customer_key, run_at) AS customer_key,
  argMax(legal_entity, run_at) AS legal_entity,
  argMax(carried, run_at) AS carried
FROM finding
WHERE run_id IN (SELECT run_id FROM conclusive)
GROUP BY
  comparison,
  key
HAVING kind != 'match'
