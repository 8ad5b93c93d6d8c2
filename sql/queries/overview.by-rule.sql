-- overview.by-rule: one row per rule with something open: how many, and the money each claims
SELECT
  rule,
  count() AS open,
  countIf(severity = 1) AS critical,
  sum(ifNull(money_reporting, 0)) AS stake,
  countIf(isNull(money_reporting)) AS unpriced,
  min(opened_at) AS oldest_at
FROM exception
WHERE status IN ('open', 'acknowledged', 'snoozed')
GROUP BY rule
ORDER BY stake DESC, open DESC, rule
