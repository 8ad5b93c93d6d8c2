-- pricing.has-caps: one row: whether any contract has a cap, and whether any line is known to be beyond one
SELECT
  countIf(of = 'contract') > 0 AS has_caps,
  countIf(of = 'line') > 0 AS has_lines
FROM
(
  SELECT 'contract' AS of
  FROM contract
  WHERE role = 'crm' AND cap IS NOT NULL
  UNION ALL
  SELECT 'line' AS of
  FROM over_cap_time FINAL
  WHERE is_over = 1
)
