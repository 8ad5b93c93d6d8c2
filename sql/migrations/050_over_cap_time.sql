-- The billable time lines that their contract's cap leaves no or only partial room for, as last measured (see the view over_cap_now and
-- reconcile/caps.ts): kept, because every pricing of time asks for it. Newest version wins; `is_over` 0 is a line that fits again.
CREATE TABLE IF NOT EXISTS over_cap_time
(
  role       LowCardinality(String),
  source_id  LowCardinality(String),
  native_id  String,
  -- what of the line's value still fits
  within     Decimal(38, 8),
  is_over    UInt8,
  at         DateTime64(3, 'UTC')
)
ENGINE = {{ReplacingMergeTree(at)}}
ORDER BY (role, source_id, native_id)
