-- An engagement as one system holds it. Newest version wins; a deletion is a version.
CREATE TABLE IF NOT EXISTS project
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
  code            String,
  name            String,
  customer_ref    String,
  customer_key    String,
  opportunity_ref String,
  opportunity_key String,
  manager         String,
  status          LowCardinality(String),
  is_active       UInt8,
  is_billable     UInt8,
  billing_type    LowCardinality(String),
  start_on        Date,
  end_on          Date,
  currency        LowCardinality(String),
  legal_entity    LowCardinality(String)
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (role, k, source_id, native_id)
