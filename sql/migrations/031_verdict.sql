-- What one rule says about one key in one run, with the money: the step between findings and the lifecycle of exceptions.
CREATE TABLE IF NOT EXISTS verdict
(
  run_id          String,
  run_at          DateTime64(3, 'UTC'),
  exception_id    String,
  rule            LowCardinality(String),
  rule_version    UInt16,
  comparison      LowCardinality(String),
  key             String,
  field_group     LowCardinality(String),
  kind            LowCardinality(String),
  fields          Array(LowCardinality(String)),
  severity        UInt8,
  blocking        Enum8('hard' = 1, 'soft' = 2, 'no' = 3),
  -- null: not known at any rate in force
  money           Nullable(Decimal(18, 4)),
  currency        LowCardinality(String),
  money_reporting Nullable(Decimal(18, 4)),
  -- billable lines without a rate
  unpriced        UInt32,
  items           Array(Tuple(item_key String, value Nullable(Decimal(18, 4)), at_stake Nullable(Decimal(18, 4)))),
  -- reporting units for one unit of `currency`; 0 when there is no rate
  fx              Decimal(18, 8),
  project_key     String,
  customer_key    String,
  legal_entity    LowCardinality(String),
  -- the rule whose failing parent explains this one
  absorbed_by     LowCardinality(String),
  evidence_hash   String,
  -- for rules about a stream or a whole side: the particulars as JSON
  detail          String,
  -- the server's own time of storing, which alone decides when a row may go
  stored_at DateTime MATERIALIZED now()
)
ENGINE = {{MergeTree}}
ORDER BY (run_id, exception_id)
TTL stored_at + INTERVAL 1 DAY
