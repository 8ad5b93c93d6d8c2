-- One row per signed contract with projects and a last day: no work is to come after it.
CREATE OR REPLACE VIEW side_crm_contract_end AS
SELECT
  key,
  k,
  1 AS present,
  greatest(changed_at, linked_at) AS changed_at,
  source_id,
  native_id,
  toDecimal64(0, 4) AS late_hours,
  '' AS project_key,
  customer_key,
  legal_entity,
  currency,
  number,
  toString(base_contract_work.ends_on) AS ends_on,
  projects
FROM base_contract_work
WHERE base_contract_work.ends_on != toDate('1970-01-01')
