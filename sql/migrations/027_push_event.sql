-- The push ledger: append-only, each row chained to the one before it by a hash over all columns.
CREATE TABLE IF NOT EXISTS push_event
(
  seq          UInt64,
  push_id      String,
  at           DateTime64(3, 'UTC'),
  type         Enum8('requested' = 1, 'approved' = 2, 'refused' = 3, 'started' = 4, 'applied' = 5, 'already_right' = 6, 'conflict' = 7, 'rejected' = 8, 'unknown' = 9, 'verified' = 10, 'unconfirmed' = 11, 'withdrawn' = 12),
  actor        String,
  exception_id String,
  rule         LowCardinality(String),
  target_source LowCardinality(String),
  target_entity LowCardinality(String),
  target_native_id String,
  undo_of      String,
  -- the proposal, the receipt or the vendor's words, as JSON
  detail       String,
  previous_hash String,
  hash         String
)
ENGINE = {{MergeTree}}
ORDER BY (seq, hash)
SETTINGS {{durable}}
