-- A sale as the CRM holds it. Newest version wins; a deletion is a version.
CREATE TABLE IF NOT EXISTS opportunity
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
  name         String,
  customer_ref String,
  customer_key String,
  contract_ref String,
  contract_key String,
  stage        LowCardinality(String),
  is_won       UInt8,
  is_closed    UInt8,
  amount       Nullable(Decimal(18,4)),
  currency     LowCardinality(String),
  close_on     Date
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (role, k, source_id, native_id)
