-- A vendor field that appeared, vanished or changed its type since it was first seen.
CREATE TABLE IF NOT EXISTS schema_notice
(
  source_id LowCardinality(String),
  stream    LowCardinality(String),
  field     String,
  kind      Enum8('known' = 1, 'new' = 2, 'missing' = 3, 'retyped' = 4),
  detail    String,
  at        DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree(at)}}
ORDER BY (source_id, stream, field)
