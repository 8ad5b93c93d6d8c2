-- Where a stream may be resumed from without losing anything. The newest row per stream counts.
CREATE TABLE IF NOT EXISTS bookmark
(
  source_id LowCardinality(String),
  stream    LowCardinality(String),
  value     String,
  sync_id   String,
  stored_at DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree(stored_at)}}
ORDER BY (source_id, stream)
