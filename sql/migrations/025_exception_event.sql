-- Something that happened to an exception. Its current state is the fold of these rows (see the view `exception`).
-- event_id is deterministic, so the same command twice is one event.
CREATE TABLE IF NOT EXISTS exception_event
(
  exception_id String,
  at           DateTime64(3, 'UTC'),
  event_id     String,
  type         Enum8('suspected' = 1, 'opened' = 2, 'seen' = 3, 'changed' = 4, 'reopened' = 5, 'resolved' = 6, 'acknowledged' = 7, 'assigned' = 8, 'commented' = 9, 'snoozed' = 10, 'waived' = 11, 'cleared' = 12, 'woke' = 13),
  actor        String,
  run_id       String,
  -- what it is about; the same on every event of one exception
  rule         LowCardinality(String),
  rule_version UInt16,
  comparison   LowCardinality(String),
  key          String,
  field_group  LowCardinality(String),
  -- how it stood at this event
  kind         LowCardinality(String),
  severity     UInt8,
  blocking     Enum8('hard' = 1, 'soft' = 2, 'no' = 3),
  money        Nullable(Decimal(18, 4)),
  currency     LowCardinality(String),
  money_reporting Nullable(Decimal(18, 4)),
  project_key  String,
  customer_key String,
  legal_entity LowCardinality(String),
  evidence     String CODEC(ZSTD(3)),
  evidence_hash String,
  -- for assigned: the person; for commented, snoozed, waived, resolved, woke: the words; a waiver's cap is its money_reporting
  assignee     String,
  note         String,
  until        DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree}}
ORDER BY (exception_id, at, event_id)
SETTINGS {{durable}}
