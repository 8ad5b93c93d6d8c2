-- A completeness probe: how many records the source counts for a closed day against how many the store holds.
CREATE TABLE IF NOT EXISTS probe
(
  source_id    LowCardinality(String),
  stream       LowCardinality(String),
  day          Date,
  at           DateTime64(3, 'UTC'),
  source_count UInt64,
  store_count  UInt64
)
ENGINE = {{ReplacingMergeTree(at)}}
ORDER BY (source_id, stream, day)
