-- One row per billable item that open exceptions hold up, under the one exception that is its primary blocker: the most severe,
-- then the oldest, then the lowest id. Sums over this view count every item once. What was waived no longer blocks.
CREATE OR REPLACE VIEW blocked_item AS
SELECT
  i.item_key AS item_key,
  argMin((e.id, e.rule, e.severity, e.blocking, e.project_key, e.customer_key, e.legal_entity), (e.severity, e.opened_at, e.id)) AS blocker,
  blocker.1 AS exception_id,
  blocker.2 AS rule,
  blocker.3 AS severity,
  blocker.4 AS blocking,
  blocker.5 AS project_key,
  blocker.6 AS customer_key,
  blocker.7 AS legal_entity,
  argMin((i.value, i.at_stake, i.currency, i.value_reporting, i.at_stake_reporting, i.is_unpriced), (e.severity, e.opened_at, e.id)) AS worth,
  worth.1 AS value,
  worth.2 AS at_stake,
  worth.3 AS currency,
  worth.4 AS value_reporting,
  worth.5 AS at_stake_reporting,
  worth.6 AS is_unpriced,
  uniqExact(e.id) AS blockers
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
GROUP BY i.item_key
