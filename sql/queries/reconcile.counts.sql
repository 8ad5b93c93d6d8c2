-- reconcile.counts: one row per kind, how many keys of a run came out so, in which fields they differ, and how many of them, in how
-- many rows, each side has
SELECT
  kind,
  countIf(l_rows + r_rows > 0) AS keys,
  countIf(l_rows > 0) AS left_keys,
  countIf(r_rows > 0) AS right_keys,
  sum(l_rows) AS left_rows,
  sum(r_rows) AS right_rows,
  -- what a join of both sides gives beyond one row per key
  sum(greatest(l_rows, 1) * greatest(r_rows, 1) - 1) AS surplus_rows,
  count() AS judged,
  groupUniqArrayArray(differing) AS fields
FROM finding
WHERE comparison = {comparison:String} AND run_id = {run_id:String}
GROUP BY kind
