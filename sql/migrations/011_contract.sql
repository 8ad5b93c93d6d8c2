-- A signed agreement, or an amendment to one, as one system holds it. Newest version wins; a deletion is a version.
CREATE TABLE IF NOT EXISTS contract
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
  number       String,
  customer_ref String,
  customer_key String,
  amends_ref   String,
  amends_key   String,
  status       LowCardinality(String),
  is_signed    UInt8,
  start_on     Date,
  end_on       Date,
  value        Nullable(Decimal(18,4)),
  currency     LowCardinality(String),
  legal_entity LowCardinality(String),
  signed_on    Date
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (role, k, source_id, native_id)
