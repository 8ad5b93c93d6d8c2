-- One row per billable item that open exceptions hold up, under the one exception that is its primary blocker: the most severe,
-- then the oldest, then the lowest id. What a symptom holds up is blocked by the root of its case. Sums over this view count every item once. What was waived no longer blocks.
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
  blockers
FROM
(
  SELECT
    *,
    uniqExact(exception_id) OVER (PARTITION BY item_key) AS blockers,
    row_number() OVER (PARTITION BY item_key ORDER BY severity, opened_at, exception_id, is_symptom) AS turn
  FROM standing_item
  WHERE blocking != 'no'
)
WHERE turn = 1
