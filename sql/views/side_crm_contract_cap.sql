-- One row per signed contract with projects and a cap: nothing is to be worked beyond it.
CREATE OR REPLACE VIEW side_crm_contract_cap AS
SELECT
  key,
  k,
  1 AS present,
  greatest(changed_at, linked_at) AS changed_at,
  source_id,
  native_id,
  toDecimal64(0, 4) AS excess,
  '' AS project_key,
  customer_key,
  legal_entity,
  currency,
  number,
  toString(assumeNotNull(base_contract_work.cap)) AS cap
FROM base_contract_work
WHERE base_contract_work.cap IS NOT NULL
