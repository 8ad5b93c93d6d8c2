-- One row per customer in the PSA: present until deleted.
CREATE OR REPLACE VIEW side_psa_customer AS
SELECT
  key,
  k,
  (is_deleted = 0) AS present,
  changed_at,
  source_id,
  native_id,
  name,
  '' AS project_key,
  key AS customer_key,
  legal_entity,
  currency
FROM customer FINAL
WHERE role = 'psa'
