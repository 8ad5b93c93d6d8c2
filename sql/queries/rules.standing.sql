-- rules.standing: one row per rule with exceptions: how many stand, how many stand in shadow, and the money they claim
SELECT
  rule,
  countIf(status IN ('open', 'acknowledged', 'snoozed')) AS open,
  countIf(status = 'shadow') AS shadow,
  sumIf(ifNull(money_reporting, 0), status IN ('open', 'acknowledged', 'snoozed', 'shadow')) AS money,
  countIf(isNull(money_reporting) AND status IN ('open', 'acknowledged', 'snoozed', 'shadow')) AS unpriced
FROM exception
GROUP BY rule
