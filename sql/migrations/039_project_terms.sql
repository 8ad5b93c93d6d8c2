-- The contract of a project, its purchase order, financial dimensions and budget.
ALTER TABLE project
  ADD COLUMN IF NOT EXISTS contract_ref String,
  ADD COLUMN IF NOT EXISTS contract_key String,
  ADD COLUMN IF NOT EXISTS po_number String,
  ADD COLUMN IF NOT EXISTS department LowCardinality(String),
  ADD COLUMN IF NOT EXISTS practice LowCardinality(String),
  ADD COLUMN IF NOT EXISTS region LowCardinality(String),
  ADD COLUMN IF NOT EXISTS budget Nullable(Decimal(18, 4))
