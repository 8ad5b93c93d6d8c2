-- One row per customer with active billable projects in the PSA: it is to be open for business.
CREATE OR REPLACE VIEW side_psa_working_client AS
SELECT
  key,
  cityHash64(key) AS k,
  1 AS present,
  working_since AS changed_at,
  source_id,
  native_id,
  'open' AS status,
  '' AS project_key,
  key AS customer_key,
  legal_entity,
  currency,
  projects
FROM base_working_client
