-- One row per line of time in the PSA that is approved, billable and on no invoice yet.
CREATE OR REPLACE VIEW base_open_time AS
SELECT
  key,
  k,
  project_key,
  task_key,
  resource_key,
  work_on,
  hours,
  recorded_at,
  changed_at
FROM time_entry FINAL
WHERE role = 'psa' AND is_deleted = 0 AND is_approved = 1 AND is_billable = 1 AND is_invoiced = 0
