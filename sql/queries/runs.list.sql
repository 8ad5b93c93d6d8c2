-- runs.list: one row per run, newest first; of one comparison or of all
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
WHERE ({comparison:String} = '' OR comparison = {comparison:String})
  AND started_at < {before:DateTime64(3, 'UTC')}
ORDER BY
  started_at DESC,
  run_id
LIMIT {limit:UInt32}
