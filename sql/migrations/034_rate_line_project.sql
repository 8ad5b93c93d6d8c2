-- A price may be one project's own: which project it is for, empty when it holds for all of the customer's.
ALTER TABLE rate_line
  ADD COLUMN IF NOT EXISTS project_ref String AFTER customer_key,
  ADD COLUMN IF NOT EXISTS project_key String AFTER project_ref
