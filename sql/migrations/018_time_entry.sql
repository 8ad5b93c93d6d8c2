-- One person's hours on one project on one day, as one system holds them. Newest version wins; a deletion is a version.
CREATE TABLE IF NOT EXISTS time_entry
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
  task_ref       String,
  task_key       String,
  resource_ref   String,
  resource_key   String,
  assignment_ref String,
  assignment_key String,
  work_on        Date,
  hours          Decimal(9,4),
  is_billable    UInt8,
  status         LowCardinality(String),
  is_approved    UInt8,
  is_invoiced    UInt8,
  bill_rate      Nullable(Decimal(18,4)),
  currency       LowCardinality(String),
  note           String,
  recorded_at    DateTime64(3, 'UTC'),
  -- the compared fields, normalised; a comparison's find step reads only (k, row_hash)
  row_hash UInt64 MATERIALIZED cityHash64(hours, work_on, project_key, resource_key, task_key)
)
ENGINE = {{ReplacingMergeTree(version)}}
ORDER BY (role, k, source_id, native_id)
