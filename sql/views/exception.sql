-- One row per exception: its current state, folded from its events. How it stands comes from the newest event of a run; a waiver,
-- a snooze or an acknowledgement counts from the moment it was given until the exception is opened again or it wakes.
CREATE OR REPLACE VIEW exception AS
SELECT
  exception_id AS id,
  any(e.rule) AS rule,
  any(e.comparison) AS comparison,
  any(e.key) AS key,
  any(e.field_group) AS field_group,
  argMaxIf(e.type, e.at, e.type IN ('suspected', 'opened', 'reopened', 'resolved', 'cleared')) AS life,
  maxIf(e.at, e.type IN ('opened', 'reopened')) AS last_opened_at,
  maxIf(e.at, e.type = 'woke') AS woke_at,
  maxIf(e.at, e.type = 'waived') AS waived_at,
  maxIf(e.at, e.type = 'snoozed') AS snoozed_at,
  maxIf(e.at, e.type = 'acknowledged') AS acknowledged_at,
  multiIf(
    life = 'suspected', 'suspected',
    life = 'resolved', 'resolved',
    life = 'cleared', if(last_opened_at > toDateTime64(0, 3, 'UTC'), 'resolved', 'cleared'),
    waived_at > greatest(last_opened_at, woke_at), 'waived',
    snoozed_at > greatest(last_opened_at, woke_at), 'snoozed',
    acknowledged_at > last_opened_at, 'acknowledged',
    'open'
  ) AS status,
  argMaxIf(e.rule_version, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS rule_version,
  argMaxIf(e.kind, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS kind,
  argMaxIf(e.severity, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS severity,
  argMaxIf(e.blocking, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS blocking,
  argMaxIf(tuple(e.money), e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')).1 AS money,
  argMaxIf(e.currency, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS currency,
  argMaxIf(tuple(e.money_reporting), e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')).1 AS money_reporting,
  argMaxIf(e.project_key, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS project_key,
  argMaxIf(e.customer_key, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS customer_key,
  argMaxIf(e.legal_entity, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS legal_entity,
  argMaxIf(e.evidence, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS evidence,
  argMaxIf(e.evidence_hash, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS evidence_hash,
  argMaxIf(e.run_id, e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS run_id,
  -- the run whose items count
  maxIf(e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened')) AS evidence_at,
  evidence_at AS last_seen_at,
  minIf(e.at, e.type IN ('opened', 'reopened')) AS opened_at,
  maxIf(e.at, e.type = 'resolved') AS resolved_at,
  max(e.at) AS changed_at,
  argMaxIf(e.assignee, e.at, e.type = 'assigned') AS assignee,
  if(status = 'snoozed', argMaxIf(e.until, e.at, e.type = 'snoozed'), toDateTime64(0, 3, 'UTC')) AS snoozed_until,
  if(status = 'waived', argMaxIf(e.until, e.at, e.type = 'waived'), toDateTime64(0, 3, 'UTC')) AS waived_until,
  -- a waiver's cap in the reporting currency; null when it has none
  argMaxIf(tuple(e.money_reporting), e.at, e.type = 'waived').1 AS waiver_cap,
  uniqExactIf(e.event_id, e.type = 'reopened') AS times_reopened,
  uniqExactIf(e.event_id, e.type = 'commented') AS comments
FROM exception_event AS e
GROUP BY exception_id
