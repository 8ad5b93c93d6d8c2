-- runs.one: one row, a run by its id
SELECT
  run_id,
  comparison,
  mode,
  started_at,
  finished_at,
  status,
  why,
  detail,
  sql_hash,
  left_as_of,
  right_as_of,
  left_rows,
  right_rows,
  keys,
  matched,
  pending,
  unlinked,
  duplicate_key,
  missing_left,
  missing_right,
  mismatch,
  missed_by_incremental
FROM comparison_run
WHERE run_id = {run_id:String}
