-- A person's booking on a project as one system holds it. Newest version wins; a deletion is a version.
CREATE TABLE IF NOT EXISTS assignment
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
  project_ref    String,
  project_key    String,
  resource_ref   String,
  resource_key   String,
  role_name      LowCardinality(String),
  start_on       Date,
  end_on         Date,
  allocation_pct Decimal(9,2),
  hours          Decimal(18,4),
  bill_rate      Nullable(Decimal(18,4)),
  currency       LowCardinality(String),
  status         LowCardinality(String),
  is_active      UInt8,
  is_billable    UInt8
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (role, k, source_id, native_id)
