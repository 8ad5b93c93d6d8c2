-- From when on an exception counts as one severity higher, by legal entity ('' for any other). Loaded from the configuration when the
-- systems are compared; the time that passes is in here too, so that reading needs no clock.
CREATE TABLE IF NOT EXISTS escalation
(
  legal_entity   LowCardinality(String),
  -- least money in the reporting currency; 0 for never
  money          Decimal(18, 4),
  -- opened before this; 1970 for never
  opened_before  DateTime64(3, 'UTC'),
  is_cutoff_near UInt8,
  at             DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree(at)}}
ORDER BY legal_entity
