-- One row per person in the PSA: present while active.
CREATE OR REPLACE VIEW side_psa_resource AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_active = 1) AS present,
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
WHERE role = 'psa'
