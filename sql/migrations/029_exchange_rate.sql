-- Units of the reporting currency for one unit of a currency, from a date on. Loaded from the configuration at start.
CREATE TABLE IF NOT EXISTS exchange_rate
(
  currency       LowCardinality(String),
  effective_from Date,
  rate           Decimal(18, 8),
  at             DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree(at)}}
ORDER BY (currency, effective_from)
