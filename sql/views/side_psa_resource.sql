-- One row per person in the PSA: present while active. Of accounts without an agreed key only those of people who are booked or have
-- booked time: others, such as an administrator's, are nobody to find in the ERP.
CREATE OR REPLACE VIEW side_psa_resource AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_active = 1 AND (NOT startsWith(key, 'unlinked:')
    OR key IN
    (
      SELECT resource_key FROM assignment FINAL
      WHERE role = 'psa' AND is_deleted = 0 AND startsWith(resource_key, 'unlinked:')
    )
    OR key IN
    (
      SELECT resource_key FROM time_entry FINAL
      WHERE role = 'psa' AND is_deleted = 0 AND startsWith(resource_key, 'unlinked:')
        -- Read without FINAL first: nearly always there are none.
        AND k IN (SELECT k FROM time_entry WHERE role = 'psa' AND startsWith(resource_key, 'unlinked:'))
    ))) AS present,
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
