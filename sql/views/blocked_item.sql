-- One row per billable item that open exceptions hold up, under the one exception that is its primary blocker: one that blocks
-- hard before one that blocks softly, then the most severe, the oldest, the lowest id. `hard_blockers` counts those that block hard. Sums over this view count every item once. What was waived no longer blocks.
CREATE OR REPLACE VIEW blocked_item AS
SELECT
  item_key,
  exception_id,
  rule,
  severity,
  blocking,
  project_key,
  customer_key,
  legal_entity,
  value,
  at_stake,
  currency,
  value_reporting,
  at_stake_reporting,
  is_unpriced,
  blockers,
  hard_blockers
FROM
(
  SELECT
    i.item_key AS item_key,
    e.id AS exception_id,
    e.rule AS rule,
    e.severity AS severity,
    e.blocking AS blocking,
    e.project_key AS project_key,
    e.customer_key AS customer_key,
    e.legal_entity AS legal_entity,
    i.value AS value,
    i.at_stake AS at_stake,
    i.currency AS currency,
    i.value_reporting AS value_reporting,
    i.at_stake_reporting AS at_stake_reporting,
    i.is_unpriced AS is_unpriced,
    uniqExact(e.id) OVER (PARTITION BY i.item_key) AS blockers,
    uniqExactIf(e.id, e.blocking = 'hard') OVER (PARTITION BY i.item_key) AS hard_blockers,
    row_number() OVER (PARTITION BY i.item_key ORDER BY e.blocking, e.severity, e.opened_at, e.id) AS turn
  FROM exception_item AS i
  INNER JOIN
  (
    SELECT
      id,
      rule,
      severity,
      blocking,
      project_key,
      customer_key,
      legal_entity,
      opened_at,
      evidence_at
    FROM exception
    WHERE status IN ('open', 'acknowledged', 'snoozed') AND blocking != 'no'
  ) AS e ON e.id = i.exception_id AND e.evidence_at = i.run_at
)
WHERE turn = 1
