-- overview.figures: one row: what stands open, and the money on it with every billable item counted once
WITH
  live AS
  (
    SELECT
      id,
      rule,
      severity,
      blocking,
      money_reporting,
      assignee
    FROM exception
    WHERE status IN ('open', 'acknowledged', 'snoozed')
  ),
  item AS
  (
    SELECT
      i.item_key AS item_key,
      countIf(i.blocking = 'hard') AS blockers,
      maxIf(i.value_reporting, i.blocking = 'hard') AS worth,
      minIf(i.is_unpriced, i.blocking = 'hard') AS unpriced,
      sumIf(i.at_stake_reporting, NOT i.is_symptom AND i.rule IN ('RAT-01', 'RAT-02', 'ASG-04')) AS margin_claimed,
      maxIf(i.at_stake_reporting, NOT i.is_symptom AND i.rule IN ('RAT-01', 'RAT-02', 'ASG-04')) AS margin
    FROM standing_item AS i
    WHERE i.blocking = 'hard' OR i.rule IN ('RAT-01', 'RAT-02', 'ASG-04')
    GROUP BY i.item_key
  )
SELECT
  open,
  critical,
  blocking,
  unassigned,
  blocked_items,
  blocked_unpriced,
  blocked_value,
  margin_exceptions,
  margin_unpriced,
  -- what exceptions put at stake beyond items that exist yet (hours still planned), then each existing item once
  margin_claimed - margin_items + margin_once AS margin_at_stake
FROM
(
  SELECT
    count() AS open,
    countIf(severity = 1) AS critical,
    countIf(l.blocking = 'hard') AS blocking,
    countIf(assignee = '') AS unassigned,
    countIf(rule IN ('RAT-01', 'RAT-02', 'ASG-04')) AS margin_exceptions,
    countIf(rule IN ('RAT-01', 'RAT-02', 'ASG-04') AND isNull(money_reporting)) AS margin_unpriced,
    sumIf(ifNull(money_reporting, 0), rule IN ('RAT-01', 'RAT-02', 'ASG-04')) AS margin_claimed
  FROM live AS l
) AS standing
CROSS JOIN
(
  SELECT
    countIf(blockers > 0) AS blocked_items,
    countIf(blockers > 0 AND unpriced = 1) AS blocked_unpriced,
    sum(worth) AS blocked_value,
    sum(margin_claimed) AS margin_items,
    sum(margin) AS margin_once
  FROM item
) AS held
