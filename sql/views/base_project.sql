-- One row per project as the PSA holds it: whose it is and in which currency it is billed.
CREATE OR REPLACE VIEW base_project AS
SELECT
  key,
  argMax(customer_key, version) AS customer_key,
  argMax(legal_entity, version) AS legal_entity,
  argMax(currency, version) AS currency,
  argMax(name, version) AS name,
  argMax(is_active, version) AS is_active,
  argMax(is_billable, version) AS is_billable,
  max(changed_at) AS changed_at
FROM project FINAL
WHERE role = 'psa' AND is_deleted = 0
GROUP BY key
