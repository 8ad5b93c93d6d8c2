-- One row per signed contract with a value that a won sale names: the value as it was first signed.
CREATE OR REPLACE VIEW side_crm_sold_contract AS
SELECT
  key,
  k,
  1 AS present,
  changed_at,
  source_id,
  native_id,
  toDecimal64(assumeNotNull(value), 4) AS amount,
  toString(base_contract.currency) AS sold_in,
  '' AS project_key,
  customer_key,
  legal_entity,
  currency,
  number
FROM base_contract
WHERE value IS NOT NULL
  AND key IN (SELECT contract_key FROM opportunity FINAL WHERE role = 'crm' AND is_deleted = 0 AND is_won = 1 AND amount IS NOT NULL)
