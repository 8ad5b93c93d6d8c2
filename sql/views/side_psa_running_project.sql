-- One row per project in the PSA, whatever its state: present until deleted, when the ERP has an open project under its id.
CREATE OR REPLACE VIEW side_psa_running_project AS
SELECT
  key,
  k,
  (is_deleted = 0 AND key IN (SELECT key FROM project FINAL WHERE role = 'erp' AND is_deleted = 0 AND is_active = 1)) AS present,
  changed_at,
  source_id,
  native_id,
  code,
  '' AS cost_booked,
  name AS project_name,
  key AS project_key,
  customer_key,
  legal_entity,
  currency
FROM project FINAL
WHERE role = 'psa'
