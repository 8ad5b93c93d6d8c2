-- run-history.findings: one row per key of a run that did not simply match, the first ones
SELECT
  key,
  kind,
  differing,
  waiting,
  l_rows,
  r_rows,
  l_values,
  r_values,
  last_change_at
FROM finding
WHERE comparison = {comparison:String} AND run_id = {run_id:String} AND kind != 'match'
  AND ({kind:String} = '' OR kind = {kind:String})
ORDER BY kind, key
LIMIT {limit:UInt32}
