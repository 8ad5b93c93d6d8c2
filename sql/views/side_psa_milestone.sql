-- One row per milestone in the PSA: present when accepted.
CREATE OR REPLACE VIEW side_psa_milestone AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_accepted = 1) AS present,
  changed_at,
  source_id,
  native_id,
  amount,
  due_on,
  project_key,
  '' AS customer_key,
  '' AS legal_entity,
  currency,
  name AS milestone_name,
  status
FROM milestone FINAL
WHERE role = 'psa'
