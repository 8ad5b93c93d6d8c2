-- pushes.time-entry: the time line one system holds for an agreed key, as text
SELECT
  native_id,
  toString(changed_at) AS changed_at,
  project_key,
  task_key,
  resource_key,
  toString(work_on) AS work_on,
  toString(hours) AS hours,
  toString(is_billable) AS is_billable,
  toString(is_approved) AS is_approved,
  note
FROM time_entry FINAL
WHERE role = {role:String}
  AND k = cityHash64({key:String})
  AND key = {key:String}
  AND is_deleted = 0
ORDER BY native_id
