-- One row per assignment in the PSA: present while active, when the ERP has an allocation under its id that is not over. Takes the
-- date of the run.
CREATE OR REPLACE VIEW side_psa_running_allocation AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_active = 1 AND key IN (SELECT key FROM assignment FINAL WHERE role = 'erp' AND is_deleted = 0 AND is_active = 1 AND end_on >= {as_of:Date})) AS present,
  changed_at,
  source_id,
  native_id,
  '' AS cost_ahead,
  resource_key,
  role_name,
  '' AS project_name,
  project_key,
  '' AS customer_key,
  '' AS legal_entity,
  currency
FROM assignment FINAL
WHERE role = 'psa'
