-- Where a time entry stands between entering and approval, and since when.
ALTER TABLE time_entry
  ADD COLUMN IF NOT EXISTS is_submitted UInt8,
  ADD COLUMN IF NOT EXISTS submitted_at DateTime64(3, 'UTC'),
  ADD COLUMN IF NOT EXISTS approved_at DateTime64(3, 'UTC')
