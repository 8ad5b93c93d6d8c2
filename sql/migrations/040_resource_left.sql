-- Last day of employment.
ALTER TABLE resource
  ADD COLUMN IF NOT EXISTS left_on Date
