-- One comparison of two sides at one time: what was compared, as of when, and how every key came out. A full run looks at every
-- key, an incremental one at those that may have changed; the kinds always add up to `keys`.
CREATE TABLE IF NOT EXISTS comparison_run
(
  run_id        String,
  comparison    LowCardinality(String),
  mode          Enum8('full' = 1, 'incremental' = 2),
  started_at    DateTime64(3, 'UTC'),
  finished_at   DateTime64(3, 'UTC'),
  status        Enum8('clean' = 1, 'exceptions' = 2, 'inconclusive' = 3, 'failed' = 4),
  why           LowCardinality(String),
  detail        String,
  sql_hash      String,
  left_as_of    DateTime64(3, 'UTC'),
  right_as_of   DateTime64(3, 'UTC'),
  -- rows present on each side when it was last counted, for noticing a side that shrank
  left_rows     UInt64,
  right_rows    UInt64,
  keys          UInt64,
  matched       UInt64,
  pending       UInt64,
  unlinked      UInt64,
  duplicate_key UInt64,
  missing_left  UInt64,
  missing_right UInt64,
  mismatch      UInt64,
  -- the keys an incremental run should have seen and did not, found by the full run after it
  missed_by_incremental UInt64,
  -- keys touched up to here have been looked at
  seen_until    DateTime64(3, 'UTC')
)
ENGINE = {{MergeTree}}
ORDER BY (comparison, started_at, run_id)
SETTINGS {{durable}}
