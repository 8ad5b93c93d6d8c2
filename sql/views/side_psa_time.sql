-- One row per time line in the PSA: present when approved. A plain filter in key order, so that a full comparison streams.
CREATE OR REPLACE VIEW side_psa_time AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_approved = 1) AS present,
  changed_at,
  source_id,
  native_id,
  line_hash AS row_hash,
  hours,
  work_on,
  project_key,
  resource_key,
  task_key,
  '' AS customer_key,
  '' AS legal_entity,
  currency,
  toString(is_billable) AS is_billable,
  assignment_key,
  status
FROM time_entry FINAL
WHERE role = 'psa'
