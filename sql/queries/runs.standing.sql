-- runs.standing: one row, the run whose outcome stood when a run found that nothing had changed
SELECT run_id
FROM comparison_run
WHERE comparison = {comparison:String} AND started_at <= {at:DateTime64(3, 'UTC')} AND mode = 'full' AND status IN ('clean', 'exceptions')
ORDER BY started_at DESC
LIMIT 1
