-- One version of a rule: what it means (a hash), and what the tenant changed of the rule as it comes (JSON). Never edited.
CREATE TABLE IF NOT EXISTS rule_version
(
  rule      LowCardinality(String),
  version   UInt16,
  meaning   String,
  overrides String,
  -- who brought it: the release, or the configuration
  origin    Enum8('release' = 1, 'configuration' = 2),
  at        DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree}}
ORDER BY (rule, version)
SETTINGS {{durable}}
