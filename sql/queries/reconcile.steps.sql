-- reconcile.steps: one row per step of a run, what it saw and how many keys it gave to be judged
SELECT
  step,
  sum(keys) AS keys,
  sum(rows) AS rows,
  sum(length(ks)) AS found
FROM find_step
WHERE run_id = {run_id:String}
GROUP BY step
