-- One row per resource allocation in the ERP: present until deleted.
CREATE OR REPLACE VIEW side_erp_assignment AS
SELECT
  key,
  k,
  (is_deleted = 0) AS present,
  changed_at,
  source_id,
  native_id,
  start_on,
  end_on,
  allocation_pct,
  project_key,
  '' AS customer_key,
  '' AS legal_entity,
  currency,
  '' AS project_name,
  resource_key,
  role_name
FROM assignment FINAL
WHERE role = 'erp'
