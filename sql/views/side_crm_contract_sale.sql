-- One row per contract: the sum of the won sales that name it.
CREATE OR REPLACE VIEW side_crm_contract_sale AS
SELECT
  contract_key AS key,
  cityHash64(contract_key) AS k,
  1 AS present,
  max(opportunity.changed_at) AS changed_at,
  min(opportunity.source_id) AS source_id,
  min(opportunity.native_id) AS native_id,
  toDecimal64(sum(assumeNotNull(opportunity.amount)), 4) AS amount,
  if(uniqExact(opportunity.currency) = 1, min(toString(opportunity.currency)), 'several currencies') AS sold_in,
  '' AS project_key,
  min(opportunity.customer_key) AS customer_key,
  '' AS legal_entity,
  min(opportunity.currency) AS currency,
  '' AS number
FROM opportunity FINAL
WHERE role = 'crm' AND is_deleted = 0 AND is_won = 1 AND opportunity.amount IS NOT NULL
  AND contract_key IN (SELECT base_contract.key FROM base_contract WHERE base_contract.value IS NOT NULL)
GROUP BY contract_key
