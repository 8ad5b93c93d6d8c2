-- reconcile.basis: one row per comparison that has been concluded in full: that run, how its newest run of any kind ended, and what
-- of it may come out otherwise as time passes although no record changes
SELECT
  runs.comparison AS comparison,
  runs.newest_status AS newest_status,
  runs.looked_at AS looked_at,
  runs.full.1 AS run_id,
  runs.full.2 AS started_at,
  runs.full.3 AS status,
  runs.full.4 AS sql_hash,
  runs.full.5 AS left_rows,
  runs.full.6 AS right_rows,
  runs.full.7 AS keys,
  runs.full.8 AS matched,
  runs.full.9 AS pending,
  runs.full.10 AS unlinked,
  runs.full.11 AS duplicate_key,
  runs.full.12 AS missing_left,
  runs.full.13 AS missing_right,
  runs.full.14 AS mismatch,
  waits.keys AS waiting,
  stands.exceptions AS standing,
  stands.suspected AS suspected,
  stands.seen_at AS oldest_seen_at
FROM
(
  SELECT
    comparison,
    argMax(status, started_at) AS newest_status,
    maxIf(started_at, status IN ('clean', 'exceptions') AND why != 'unchanged') AS looked_at,
    argMaxIf(
      (run_id, started_at, status, sql_hash, left_rows, right_rows, keys, matched, pending, unlinked, duplicate_key, missing_left,
        missing_right, mismatch),
      started_at,
      mode = 'full' AND status IN ('clean', 'exceptions')
    ) AS full
  FROM comparison_run
  GROUP BY comparison
  HAVING full.1 != ''
) AS runs
LEFT JOIN
(
  SELECT
    comparison,
    count() AS keys
  FROM finding
  WHERE notEmpty(waiting) AND run_id IN (SELECT argMax(run_id, started_at) FROM comparison_run WHERE mode = 'full' AND status IN ('clean', 'exceptions') GROUP BY comparison)
  GROUP BY comparison
) AS waits ON waits.comparison = runs.comparison
LEFT JOIN
(
  SELECT
    comparison,
    count() AS exceptions,
    countIf(status = 'suspected') AS suspected,
    -- 1970 when nothing stands
    minIf(last_seen_at, status != 'suspected') AS seen_at
  FROM exception
  WHERE status IN ('suspected', 'open', 'acknowledged', 'snoozed', 'waived', 'absorbed', 'shadow')
  GROUP BY comparison
) AS stands ON stands.comparison = runs.comparison
