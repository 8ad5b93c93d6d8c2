-- One row per exception, folded from its events: what `exception_state` keeps, column by column. How it stands comes from the newest
-- event of a run; a waiver, a snooze or an acknowledgement counts from the moment it was given until the exception is opened again
-- or it wakes. Of events of one moment the one with the greater id counts, so that folding again gives the same. Restrict it to ids.
CREATE OR REPLACE VIEW exception_fold AS
SELECT
  f.id AS id,
  f.events AS events,
  f.rule AS rule,
  f.comparison AS comparison,
  f.key AS key,
  f.field_group AS field_group,
  f.life AS life,
  f.last_opened_at AS last_opened_at,
  f.woke_at AS woke_at,
  f.waived_at AS waived_at,
  f.snoozed_at AS snoozed_at,
  f.acknowledged_at AS acknowledged_at,
  multiIf(
    life = 'suspected', 'suspected',
    life = 'absorbed', 'absorbed',
    life = 'resolved', 'resolved',
    life = 'cleared', if(last_opened_at > toDateTime64(0, 3, 'UTC'), 'resolved', 'cleared'),
    waived_at > greatest(last_opened_at, woke_at), 'waived',
    snoozed_at > greatest(last_opened_at, woke_at), 'snoozed',
    acknowledged_at > last_opened_at, 'acknowledged',
    'open'
  ) AS status,
  -- the one that opened it, whatever has become of the rule since
  f.opened_under AS rule_version,
  f.latest.1 AS kind,
  f.latest.2 AS severity,
  f.latest.3 AS blocking,
  f.latest.4 AS money,
  f.latest.5 AS currency,
  f.latest.6 AS money_reporting,
  f.latest.7 AS project_key,
  f.latest.8 AS customer_key,
  f.latest.9 AS legal_entity,
  f.evidence AS evidence,
  f.latest.10 AS evidence_hash,
  f.latest.11 AS run_id,
  -- the run whose items count
  f.evidence_at AS evidence_at,
  f.evidence_at AS last_seen_at,
  f.opened_at AS opened_at,
  f.resolved_at AS resolved_at,
  f.changed_at AS changed_at,
  f.assignee AS assignee,
  if(status = 'snoozed', f.snooze_until, toDateTime64(0, 3, 'UTC')) AS snoozed_until,
  if(status = 'waived', f.waiver.1, toDateTime64(0, 3, 'UTC')) AS waived_until,
  -- a waiver's cap in the reporting currency; null when it has none
  f.waiver.2 AS waiver_cap,
  f.times_reopened AS times_reopened,
  f.comments AS comments,
  -- of a symptom, the exception that explains it
  if(life = 'absorbed', f.cause, '') AS cause_id
FROM
(
  SELECT
    exception_id AS id,
    -- an event stored twice is one event
    uniqExact(e.at, e.event_id) AS events,
    any(e.rule) AS rule,
    any(e.comparison) AS comparison,
    any(e.key) AS key,
    any(e.field_group) AS field_group,
    toString(argMaxIf(e.type, e.moment, e.type IN ('suspected', 'opened', 'reopened', 'resolved', 'cleared', 'absorbed'))) AS life,
    maxIf(e.at, e.type IN ('opened', 'reopened')) AS last_opened_at,
    maxIf(e.at, e.type = 'woke') AS woke_at,
    maxIf(e.at, e.type = 'waived') AS waived_at,
    maxIf(e.at, e.type = 'snoozed') AS snoozed_at,
    maxIf(e.at, e.type = 'acknowledged') AS acknowledged_at,
    argMaxIf(
      (e.kind, e.severity, e.blocking, e.money, e.currency, e.money_reporting, e.project_key, e.customer_key, e.legal_entity,
        e.evidence_hash, e.run_id),
      e.moment,
      e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened', 'absorbed')
    ) AS latest,
    argMaxIf(e.evidence, e.moment, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened', 'absorbed')) AS evidence,
    maxIf(e.at, e.type IN ('suspected', 'opened', 'seen', 'changed', 'reopened', 'absorbed')) AS evidence_at,
    argMaxIf(e.rule_version, e.moment, e.type IN ('suspected', 'opened', 'reopened', 'absorbed')) AS opened_under,
    minIf(e.at, e.type IN ('opened', 'reopened')) AS opened_at,
    maxIf(e.at, e.type = 'resolved') AS resolved_at,
    max(e.at) AS changed_at,
    argMaxIf(e.assignee, e.moment, e.type = 'assigned') AS assignee,
    argMaxIf(e.until, e.moment, e.type = 'snoozed') AS snooze_until,
    argMaxIf((e.until, e.money_reporting), e.moment, e.type = 'waived') AS waiver,
    uniqExactIf(e.event_id, e.type = 'reopened') AS times_reopened,
    uniqExactIf(e.event_id, e.type = 'commented') AS comments,
    argMaxIf(e.cause_id, e.moment, e.type = 'absorbed') AS cause
  FROM
  (
    SELECT
      *,
      toUInt128(toUnixTimestamp64Milli(at)) * toUInt128(18446744073709551616) + cityHash64(event_id) AS moment
    FROM exception_event
  ) AS e
  GROUP BY exception_id
) AS f
