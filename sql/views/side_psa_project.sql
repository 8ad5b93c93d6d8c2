-- One row per project in the PSA: present while active and billable.
CREATE OR REPLACE VIEW side_psa_project AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_active = 1 AND is_billable = 1) AS present,
  changed_at,
  source_id,
  native_id,
  code,
  start_on,
  end_on,
  department,
  practice,
  region,
  key AS project_key,
  customer_key,
  legal_entity,
  currency,
  name AS project_name
FROM project FINAL
WHERE role = 'psa'
