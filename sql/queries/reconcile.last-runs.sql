-- reconcile.last-runs: one row per comparison, its newest conclusive run and its newest conclusive full run, and how that was made
SELECT
  comparison,
  max(started_at) AS last_at,
  argMax(run_id, started_at) AS last_run_id,
  argMax(mode, started_at) AS last_mode,
  argMax(seen_until, started_at) AS seen_until,
  argMax(left_rows, started_at) AS left_rows,
  argMax(right_rows, started_at) AS right_rows,
  maxIf(started_at, mode = 'full') AS full_at,
  argMaxIf(sql_hash, started_at, mode = 'full') AS full_hash
FROM comparison_run
WHERE status IN ('clean', 'exceptions')
GROUP BY comparison
