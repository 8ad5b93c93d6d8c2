-- One row per person whose cost rate can be compared: what the PSA plans an hour of theirs with.
CREATE OR REPLACE VIEW side_psa_cost_rate AS
SELECT
  key,
  k,
  1 AS present,
  psa_changed_at AS changed_at,
  psa_source_id AS source_id,
  psa_native_id AS native_id,
  psa_rate AS cost_rate,
  person_name,
  '' AS hours,
  '' AS project_key,
  '' AS customer_key,
  legal_entity,
  if(erp_currency = '', psa_currency, erp_currency) AS currency
FROM base_cost_pair
