-- One row per price the ERP keeps for one project alone, keyed by the price itself. Present while the PSA has the project as
-- billable work. The ERP's prices carry no dates. Takes the date of the run.
CREATE OR REPLACE VIEW side_erp_project_price AS
SELECT
  key,
  k,
  is_used AS present,
  changed_at,
  source_id,
  native_id,
  rate,
  project_key,
  customer_key,
  legal_entity,
  currency,
  role_name,
  '1970-01-01' AS effective_from,
  '1970-01-01' AS effective_to
FROM project_price(as_of = {as_of:Date})
