-- One row per active billable project whose contract says how it is billed, in words that are known.
CREATE OR REPLACE VIEW side_crm_billing_model AS
SELECT
  of_project AS key,
  cityHash64(of_project) AS k,
  1 AS present,
  agreed_at AS changed_at,
  contract_source_id AS source_id,
  contract_native_id AS native_id,
  signed_model AS model,
  of_project AS project_key,
  of_customer AS customer_key,
  of_entity AS legal_entity,
  of_currency AS currency,
  project_name,
  contract_number
FROM base_project_agreement
WHERE signed_model != ''
