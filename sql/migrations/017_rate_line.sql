-- What one role costs a customer in one currency over a range of dates, as one system holds it. Newest version wins; a deletion is a version.
CREATE TABLE IF NOT EXISTS rate_line
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
  card_ref       String,
  card_key       String,
  customer_ref   String,
  customer_key   String,
  role_name      LowCardinality(String),
  currency       LowCardinality(String),
  rate           Decimal(18,4),
  effective_from Date,
  effective_to   Date,
  is_signed      UInt8
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (role, k, source_id, native_id)
