-- A record that could not be understood, with the reason and the payload. The newest row per record counts: a later good
-- version or a replay closes it.
CREATE TABLE IF NOT EXISTS reject
(
  source_id LowCardinality(String),
  stream    LowCardinality(String),
  native_id String,
  raw_id    String,
  at        DateTime64(3, 'UTC'),
  is_open   UInt8,
  reason    LowCardinality(String),
  detail    String,
  payload   String CODEC(ZSTD(3))
)
ENGINE = {{ReplacingMergeTree(at)}}
ORDER BY (source_id, stream, native_id)
