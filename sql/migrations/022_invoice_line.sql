-- One line of a bill as one system holds it. Newest version wins; a deletion is a version.
CREATE TABLE IF NOT EXISTS invoice_line
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
  invoice_ref String,
  invoice_key String,
  project_ref String,
  project_key String,
  time_ref    String,
  time_key    String,
  description String,
  hours       Decimal(18,4),
  rate        Nullable(Decimal(18,4)),
  amount      Decimal(18,4),
  currency    LowCardinality(String)
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (role, k, source_id, native_id)
