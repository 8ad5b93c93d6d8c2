-- One row per sale that a project of the PSA is for: the project names the sale, or its contract is the sale's.
CREATE OR REPLACE VIEW side_psa_sale_project AS
SELECT
  key,
  k,
  1 AS present,
  changed_at,
  source_id,
  native_id,
  '' AS project_key,
  customer_key,
  '' AS legal_entity,
  currency,
  name AS sale,
  contract_key,
  toDecimal64(0, 4) AS first_quarter
FROM opportunity FINAL
WHERE role = 'crm' AND is_deleted = 0 AND is_won = 1
  AND (key IN (SELECT opportunity_key FROM base_project_contract) OR (contract_key != '' AND contract_key IN (SELECT base_project_contract.contract_key FROM base_project_contract)))
