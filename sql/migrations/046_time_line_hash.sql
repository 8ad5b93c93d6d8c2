-- What of a time line is compared now: whether it is billable, too. Older parts have it worked out as they are read.
ALTER TABLE time_entry
  ADD COLUMN IF NOT EXISTS line_hash UInt64 MATERIALIZED cityHash64(hours, work_on, project_key, resource_key, task_key, is_billable)
