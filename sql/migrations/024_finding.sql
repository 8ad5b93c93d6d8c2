-- How one key that a run judged came out. Values are shown to people as text. A match is kept only as long as it takes to count
-- it and to let it overrule an older finding (see the view `finding_current`); exceptions carry their own evidence.
CREATE TABLE IF NOT EXISTS finding
(
  run_id         String,
  run_at         DateTime64(3, 'UTC'),
  comparison     LowCardinality(String),
  k              UInt64,
  key            String,
  kind           Enum8('match' = 1, 'pending' = 2, 'unlinked' = 3, 'duplicate_key' = 4, 'missing_left' = 5, 'missing_right' = 6, 'mismatch' = 7),
  -- what a pending key will be if nothing changes before it settles
  settling       LowCardinality(String),
  -- the fields that differ and have settled, and those that differ but changed too recently
  differing      Array(LowCardinality(String)),
  waiting        Array(LowCardinality(String)),
  l_rows         UInt32,
  r_rows         UInt32,
  l_source_id    LowCardinality(String),
  r_source_id    LowCardinality(String),
  l_native_ids   Array(String),
  r_native_ids   Array(String),
  l_changed_at   DateTime64(3, 'UTC'),
  r_changed_at   DateTime64(3, 'UTC'),
  l_values       Map(String, String),
  r_values       Map(String, String),
  carried        Map(String, String),
  project_key    String,
  customer_key   String,
  legal_entity   LowCardinality(String),
  currency       LowCardinality(String),
  last_change_at DateTime64(3, 'UTC') ALIAS greatest(l_changed_at, r_changed_at),
  -- the server's own time of storing, which alone decides when a row may go
  stored_at DateTime MATERIALIZED now()
)
ENGINE = {{MergeTree}}
ORDER BY (comparison, run_id, k)
TTL stored_at + INTERVAL 7 DAY
