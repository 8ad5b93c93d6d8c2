-- A person who books time, as one system holds them. Newest version wins; a deletion is a version.
CREATE TABLE IF NOT EXISTS resource
(
  -- identity: k is the agreed key hashed, the order of every comparison
  role       LowCardinality(String),
  k          UInt64 MATERIALIZED cityHash64(key),
  key        String,
  source_id  LowCardinality(String),
  native_id  String,
  -- clocks and provenance
  version    UInt64,
  changed_at DateTime64(3, 'UTC'),
  seen_at    DateTime64(3, 'UTC'),
  is_deleted UInt8,
  raw_id     String,
  -- what the record says
  employee_no  String,
  name         String,
  role_name    LowCardinality(String),
  is_active    UInt8,
  cost_rate    Nullable(Decimal(18,4)),
  currency     LowCardinality(String),
  legal_entity LowCardinality(String)
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (role, k, source_id, native_id)
