-- What happened to one sync of one stream: started, then finished or failed, with its counts.
CREATE TABLE IF NOT EXISTS sync_event
(
  source_id       LowCardinality(String),
  stream          LowCardinality(String),
  sync_id         String,
  at              DateTime64(3, 'UTC'),
  state           Enum8('started' = 1, 'finished' = 2, 'failed' = 3),
  mode            Enum8('incremental' = 1, 'full' = 2),
  records_read    UInt64,
  records_mapped  UInt64,
  records_rejected UInt64,
  records_deleted UInt64,
  requests        UInt64,
  retries         UInt64,
  -- everything the source committed up to here has been read; 1970 when unknown
  complete_until  DateTime64(3, 'UTC'),
  error           String
)
ENGINE = {{MergeTree}}
ORDER BY (source_id, stream, at)
