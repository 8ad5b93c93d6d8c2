-- How an expense is billed on.
ALTER TABLE expense
  ADD COLUMN IF NOT EXISTS is_invoiced UInt8,
  ADD COLUMN IF NOT EXISTS category LowCardinality(String),
  ADD COLUMN IF NOT EXISTS markup_pct Nullable(Decimal(18, 4))
