-- What one version of a rule means (a hash), and what the tenant changed of the rule as it comes (JSON). Never edited. Not called
-- rule_version, the name of a column: whatever names a table counts as reading it (view-reads.ts).
CREATE TABLE IF NOT EXISTS rule_meaning
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
