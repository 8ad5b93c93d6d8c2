-- Which agreed keys a sync touched; written before the canonical rows, so that an incremental run can over-report but never miss.
CREATE TABLE IF NOT EXISTS touched_key
(
  entity  LowCardinality(String),
  seen_at DateTime64(3, 'UTC'),
  k       UInt64
)
ENGINE = {{MergeTree}}
ORDER BY (entity, seen_at, k)
TTL toDateTime(seen_at) + INTERVAL 30 DAY
