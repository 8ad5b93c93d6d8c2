-- A billable item an exception holds up, with its value; the newest run's rows per exception count.
CREATE TABLE IF NOT EXISTS exception_item
(
  exception_id    String,
  run_at          DateTime64(3, 'UTC'),
  item_key        String,
  -- what the item is worth at the expected rate, and what of it this exception puts at stake
  value           Decimal(18, 4),
  at_stake        Decimal(18, 4),
  currency        LowCardinality(String),
  value_reporting Decimal(18, 4),
  at_stake_reporting Decimal(18, 4),
  is_unpriced     UInt8,
  -- the server's own time of storing, which alone decides when a row may go
  stored_at DateTime MATERIALIZED now()
)
ENGINE = {{MergeTree}}
ORDER BY (exception_id, run_at, item_key)
TTL stored_at + INTERVAL 90 DAY
