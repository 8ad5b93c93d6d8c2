-- overview.latest-runs: one row per comparison: how its newest run came out, whatever the mode
SELECT
  comparison,
  argMax(run_id, started_at) AS run_id,
  argMax(status, started_at) AS status,
  argMax(why, started_at) AS why,
  argMax(finished_at, started_at) AS finished_at,
  -- how many keys the newest conclusive full run looked at: incremental runs look at what was touched
  argMaxIf(keys, started_at, mode = 'full' AND status IN ('clean', 'exceptions')) AS keys
FROM comparison_run
GROUP BY comparison
ORDER BY comparison
