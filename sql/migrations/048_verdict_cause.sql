-- The exception of the failing parent that explains a verdict; empty when none does.
ALTER TABLE verdict
  ADD COLUMN IF NOT EXISTS cause_id String DEFAULT ''
