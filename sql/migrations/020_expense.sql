-- A reimbursable cost as one system holds it. Newest version wins; a deletion is a version.
CREATE TABLE IF NOT EXISTS expense
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
  project_ref  String,
  project_key  String,
  resource_ref String,
  resource_key String,
  incurred_on  Date,
  amount       Decimal(18,4),
  currency     LowCardinality(String),
  is_billable  UInt8,
  status       LowCardinality(String),
  is_approved  UInt8
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (role, k, source_id, native_id)
