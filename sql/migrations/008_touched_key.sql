-- Which agreed keys a sync touched; written before the canonical rows, so that an incremental run can over-report but never miss.
CREATE TABLE IF NOT EXISTS touched_key
(
  entity  LowCardinality(String),
  seen_at DateTime64(3, 'UTC'),
  key     String,
  k       UInt64 DEFAULT cityHash64(key),
  -- the server's own time of storing, which alone decides when a row may go
  stored_at DateTime MATERIALIZED now()
)
ENGINE = {{MergeTree}}
ORDER BY (entity, seen_at, k)
TTL stored_at + INTERVAL 30 DAY
