-- reconcile.found-keys: one row, how many distinct keys the steps of a run gave to be judged
SELECT uniqExact(k) AS found
FROM find_step
ARRAY JOIN ks AS k
WHERE run_id = {run_id:String}
