-- One row per exception, folded from its events: what `exception_state` keeps. How it stands comes from the newest event of a run;
-- a waiver, a snooze or an acknowledgement counts from the moment it was given until the exception is opened again or it wakes.
-- Restrict it to the ids wanted. Of events of one moment the one with the greater id counts, so that folding again gives the same.
CREATE OR REPLACE VIEW exception_fold AS
WITH
  (e.at, e.event_id) AS moment,
  e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened') AS failing,
  toDateTime64(0, 3, 'UTC') AS never
SELECT
  exception_id AS id,
  -- an event stored twice is one event
  uniqExact(moment) AS events,
  any(e.rule) AS rule,
  any(e.comparison) AS comparison,
  any(e.key) AS key,
  any(e.field_group) AS field_group,
  toString(argMaxIf(e.type, moment, e.type IN ('suspected', 'opened', 'reopened', 'resolved', 'cleared'))) AS life,
  maxIf(e.at, e.type IN ('opened', 'reopened')) AS last_opened_at,
  maxIf(e.at, e.type = 'woke') AS woke_at,
  maxIf(e.at, e.type = 'waived') AS waived_at,
  maxIf(e.at, e.type = 'snoozed') AS snoozed_at,
  maxIf(e.at, e.type = 'acknowledged') AS acknowledged_at,
  multiIf(
    life = 'suspected', 'suspected',
    life = 'resolved', 'resolved',
    life = 'cleared', if(last_opened_at > never, 'resolved', 'cleared'),
    waived_at > greatest(last_opened_at, woke_at), 'waived',
    snoozed_at > greatest(last_opened_at, woke_at), 'snoozed',
    acknowledged_at > last_opened_at, 'acknowledged',
    'open'
  ) AS status,
  argMaxIf(
    (e.rule_version, e.kind, e.severity, e.blocking, e.money, e.currency, e.money_reporting, e.project_key, e.customer_key,
      e.legal_entity, e.evidence_hash, e.run_id),
    moment, failing
  ) AS latest,
  latest.1 AS rule_version
FROM exception_event AS e
GROUP BY exception_id
