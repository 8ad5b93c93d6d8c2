-- Which agreed key each record of each system goes by, in the order of the system's own ids: where references are resolved and where
-- it is noticed that a record changed its key. Every key a record ever had stays, with the newest version it had it in.
CREATE TABLE IF NOT EXISTS native_key
(
  source_id LowCardinality(String),
  entity    LowCardinality(String),
  native_id String,
  key       String,
  -- the newest version of the record under this key
  version   UInt64,
  -- since when this is its key; what pointed at it before then is resolved anew
  linked_at DateTime64(3, 'UTC'),
  seen_at   DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (source_id, entity, native_id, key)
