-- How one key came out of one run, when it did not simply match. Values are shown to people as text.
CREATE TABLE IF NOT EXISTS finding
(
  run_id         String,
  comparison     LowCardinality(String),
  k              UInt64,
  key            String,
  kind           Enum8('match' = 1, 'pending' = 2, 'unlinked' = 3, 'duplicate_key' = 4, 'missing_left' = 5, 'missing_right' = 6, 'mismatch' = 7),
  differing      Array(LowCardinality(String)),
  waiting        Array(LowCardinality(String)),
  l_rows         UInt32,
  r_rows         UInt32,
  l_native_ids   Array(String),
  r_native_ids   Array(String),
  l_values       Map(String, String),
  r_values       Map(String, String),
  carried        Map(String, String),
  last_change_at DateTime64(3, 'UTC'),
  project_key    String,
  customer_key   String,
  legal_entity   LowCardinality(String),
  currency       LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (comparison, run_id, k)
TTL toDateTime(last_change_at) + INTERVAL 400 DAY
