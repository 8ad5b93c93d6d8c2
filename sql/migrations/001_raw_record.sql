-- One version of one vendor record, as it came. Append-only; everything after it can be rebuilt from it.
CREATE TABLE IF NOT EXISTS raw_record
(
  -- identity
  source_id  LowCardinality(String),
  stream     LowCardinality(String),
  native_id  String,
  raw_id     String,
  -- clocks
  changed_at DateTime64(3, 'UTC'),
  fetched_at DateTime64(3, 'UTC'),
  -- provenance
  sync_id    String,
  is_deleted UInt8,
  payload    String CODEC(ZSTD(3))
)
ENGINE = {{MergeTree}}
ORDER BY (source_id, stream, native_id, changed_at)
