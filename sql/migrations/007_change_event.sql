-- One field of one record changing from one value to another, as the vendor's own change log tells it.
CREATE TABLE IF NOT EXISTS change_event
(
  role       LowCardinality(String),
  source_id  LowCardinality(String),
  entity     LowCardinality(String),
  native_id  String,
  change_id  String,
  -- the canonical field name, or `raw:<vendor field>` when it has none
  field      LowCardinality(String),
  old_value  String,
  new_value  String,
  actor      String,
  actor_kind Enum8('person' = 1, 'integration' = 2, 'unknown' = 3),
  changed_at DateTime64(3, 'UTC'),
  seen_at    DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree(seen_at)}}
ORDER BY (source_id, entity, native_id, changed_at, change_id)
