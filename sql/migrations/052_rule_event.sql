-- A step in the life of a version of a rule, and who took it. Of a rule, the version that last became shadow, active or retired is
-- the one in force (view `rule_state`).
CREATE TABLE IF NOT EXISTS rule_event
(
  rule     LowCardinality(String),
  version  UInt16,
  at       DateTime64(3, 'UTC'),
  event_id String,
  state    Enum8('draft' = 1, 'simulated' = 2, 'shadow' = 3, 'active' = 4, 'retired' = 5),
  actor    String,
  note     String
)
ENGINE = {{ReplacingMergeTree}}
ORDER BY (rule, at, event_id)
SETTINGS {{durable}}
