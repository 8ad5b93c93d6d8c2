-- reconcile.otherwise: one row, the keys that two runs of a comparison found failing differently, or only one of them found failing
SELECT uniqExact(key) AS keys
FROM
(
  SELECT key
  FROM finding
  WHERE comparison = {comparison:String} AND run_id IN {run_ids:Array(String)} AND kind NOT IN ('match', 'pending')
  GROUP BY
    key,
    kind,
    differing,
    toString(l_values),
    toString(r_values)
  HAVING count() = 1
)
