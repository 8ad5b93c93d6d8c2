-- A local account. The newest row per name counts. The password is a scrypt hash.
CREATE TABLE IF NOT EXISTS person
(
  name         String,
  display_name String,
  roles        Array(LowCardinality(String)),
  password     String,
  epoch        UInt32,
  is_active    UInt8,
  at           DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree(at)}}
ORDER BY name
SETTINGS {{durable}}
