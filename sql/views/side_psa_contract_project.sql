-- One row per contract that a project of the PSA is worked under.
CREATE OR REPLACE VIEW side_psa_contract_project AS
SELECT
  contract_key AS key,
  cityHash64(contract_key) AS k,
  1 AS present,
  max(base_project_contract.changed_at) AS changed_at,
  min(base_project_contract.source_id) AS source_id,
  min(base_project_contract.native_id) AS native_id,
  '' AS project_key,
  min(base_project_contract.customer_key) AS customer_key,
  min(base_project_contract.legal_entity) AS legal_entity,
  min(base_project_contract.currency) AS currency,
  '' AS number,
  toDecimal64(0, 4) AS due
FROM base_project_contract
WHERE contract_key IN (SELECT key FROM base_contract)
GROUP BY contract_key
