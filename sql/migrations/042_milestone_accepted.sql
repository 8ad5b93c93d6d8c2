-- The day a milestone was accepted.
ALTER TABLE milestone
  ADD COLUMN IF NOT EXISTS accepted_on Date
