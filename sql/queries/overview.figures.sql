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
      evidence_at,
      assignee
    FROM exception
    WHERE status IN ('open', 'acknowledged', 'snoozed')
  ),
  item AS
  (
    SELECT
      i.item_key AS item_key,
      i.value_reporting AS value_reporting,
      i.at_stake_reporting AS at_stake_reporting,
      i.is_unpriced AS is_unpriced,
      e.blocking AS blocking,
      e.rule AS rule
    FROM exception_item AS i
    INNER JOIN live AS e ON e.id = i.exception_id AND e.evidence_at = i.run_at
  ),
  blocked AS
  (
    SELECT
      item_key,
      max(value_reporting) AS worth,
      min(is_unpriced) AS unpriced
    FROM item
    WHERE blocking = 'hard'
    GROUP BY item_key
  ),
  margin AS
  (
    SELECT
      item_key,
      max(at_stake_reporting) AS stake
    FROM item
    WHERE rule IN ('RAT-01', 'RAT-02', 'ASG-04')
    GROUP BY item_key
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
    count() AS blocked_items,
    countIf(unpriced = 1) AS blocked_unpriced,
    sum(worth) AS blocked_value
  FROM blocked
) AS held
CROSS JOIN (SELECT sumIf(at_stake_reporting, rule IN ('RAT-01', 'RAT-02', 'ASG-04')) AS margin_items FROM item) AS counted
CROSS JOIN (SELECT sum(stake) AS margin_once FROM margin) AS once
