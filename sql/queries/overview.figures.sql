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
  (SELECT count() FROM live) AS open,
  (SELECT countIf(severity = 1) FROM live) AS critical,
  (SELECT countIf(blocking = 'hard') FROM live) AS blocking,
  (SELECT countIf(assignee = '') FROM live) AS unassigned,
  (SELECT count() FROM blocked) AS blocked_items,
  (SELECT countIf(unpriced = 1) FROM blocked) AS blocked_unpriced,
  (SELECT sum(worth) FROM blocked) AS blocked_value,
  (SELECT countIf(rule IN ('RAT-01', 'RAT-02', 'ASG-04')) FROM live) AS margin_exceptions,
  (SELECT countIf(rule IN ('RAT-01', 'RAT-02', 'ASG-04') AND isNull(money_reporting)) FROM live) AS margin_unpriced,
  -- what exceptions put at stake beyond items that exist yet (hours still planned), then each existing item once
  (SELECT sumIf(ifNull(money_reporting, 0), rule IN ('RAT-01', 'RAT-02', 'ASG-04')) FROM live)
    - (SELECT sumIf(at_stake_reporting, rule IN ('RAT-01', 'RAT-02', 'ASG-04')) FROM item)
    + (SELECT sum(stake) FROM margin) AS margin_at_stake
