-- One row per price the ERP keeps for one project alone: the contract rate that price should be. Present when the contract has a
-- rate in force for the project's customer, the price's role and currency. Takes the date of the run.
CREATE OR REPLACE VIEW side_crm_project_price AS
SELECT
  key,
  k,
  (is_used AND rc IS NOT NULL) AS present,
  rate_changed_at AS changed_at,
  source_id,
  in_force.2 AS native_id,
  assumeNotNull(rc) AS rate,
  project_key,
  customer_key,
  legal_entity,
  currency,
  role_name,
  toString(in_force.1) AS effective_from,
  if(in_force.3 = toDate('2149-06-06'), '1970-01-01', toString(in_force.3)) AS effective_to
FROM project_price(as_of = {as_of:Date})
