-- One row per billable item that open exceptions hold up, under the one exception that is its primary blocker: one that blocks
-- hard before one that blocks softly, then the most severe, the oldest, the lowest id. What a symptom holds up is blocked by the
-- root of its case. `hard_blockers` counts those that block hard. Sums over this view count every item once. What was waived no
-- longer blocks.
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
    *,
    uniqExact(exception_id) OVER (PARTITION BY item_key) AS blockers,
    uniqExactIf(exception_id, blocking = 'hard') OVER (PARTITION BY item_key) AS hard_blockers,
    row_number() OVER (PARTITION BY item_key ORDER BY blocking, severity, opened_at, exception_id, is_symptom) AS turn
  FROM standing_item
  WHERE blocking != 'no'
)
WHERE turn = 1
