-- What a line bills beside time.
ALTER TABLE invoice_line
  ADD COLUMN IF NOT EXISTS milestone_ref String,
  ADD COLUMN IF NOT EXISTS milestone_key String,
  ADD COLUMN IF NOT EXISTS expense_ref String,
  ADD COLUMN IF NOT EXISTS expense_key String
