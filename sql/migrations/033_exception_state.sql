-- How every exception stands: the fold of its events (view `exception_fold`), kept so that reading it costs one row per exception.
-- The events stay the truth. A row is as new as the number of events it was folded from: events are only ever added, so a higher
-- number never goes back, and a number lower than the events there are says that the row is behind and must be folded again.
-- Its columns are those of the view, in that order. A change of the fold comes with a migration that empties this table.
CREATE TABLE IF NOT EXISTS exception_state
(
  id              String,
  events          UInt64,
  rule            LowCardinality(String),
  comparison      LowCardinality(String),
  key             String,
  field_group     LowCardinality(String),
  life            LowCardinality(String),
  last_opened_at  DateTime64(3, 'UTC'),
  woke_at         DateTime64(3, 'UTC'),
  waived_at       DateTime64(3, 'UTC'),
  snoozed_at      DateTime64(3, 'UTC'),
  acknowledged_at DateTime64(3, 'UTC'),
  status          LowCardinality(String),
  rule_version    UInt16,
  kind            LowCardinality(String),
  severity        UInt8,
  blocking        Enum8('hard' = 1, 'soft' = 2, 'no' = 3),
  money           Nullable(Decimal(18, 4)),
  currency        LowCardinality(String),
  money_reporting Nullable(Decimal(18, 4)),
  project_key     String,
  customer_key    String,
  legal_entity    LowCardinality(String),
  -- long, and only read for the few exceptions that are shown
  evidence        String CODEC(ZSTD(3)),
  evidence_hash   String,
  run_id          String,
  evidence_at     DateTime64(3, 'UTC'),
  last_seen_at    DateTime64(3, 'UTC'),
  opened_at       DateTime64(3, 'UTC'),
  resolved_at     DateTime64(3, 'UTC'),
  changed_at      DateTime64(3, 'UTC'),
  assignee        String,
  snoozed_until   DateTime64(3, 'UTC'),
  waived_until    DateTime64(3, 'UTC'),
  waiver_cap      Nullable(Decimal(18, 4)),
  times_reopened  UInt64,
  comments        UInt64
)
ENGINE = {{ReplacingMergeTree(events)}}
ORDER BY id
-- small steps, so that fetching the evidence of a page reads little beside it
SETTINGS index_granularity = 256
