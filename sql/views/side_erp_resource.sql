-- One row per employee in the ERP: present until deleted, when the PSA has the person as active. The ERP employs others too, some of
-- them without an agreed key.
CREATE OR REPLACE VIEW side_erp_resource AS
SELECT
  key,
  k,
  (is_deleted = 0 AND NOT startsWith(key, 'unlinked:')
    AND key IN (SELECT key FROM resource FINAL WHERE role = 'psa' AND is_deleted = 0 AND is_active = 1)) AS present,
  changed_at,
  source_id,
  native_id,
  role_name,
  name AS person_name,
  '' AS project_key,
  '' AS customer_key,
  legal_entity,
  currency
FROM resource FINAL
WHERE role = 'erp'
