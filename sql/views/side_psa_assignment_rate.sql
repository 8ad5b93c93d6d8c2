-- One row per active billable assignment in the PSA: the rate it is booked at. Present when it has one. Takes the date of the run.
CREATE OR REPLACE VIEW side_psa_assignment_rate AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_active = 1 AND is_billable = 1 AND bill_rate IS NOT NULL) AS present,
  changed_at,
  source_id,
  native_id,
  assumeNotNull(bill_rate) AS rate,
  project_key,
  customer_key,
  legal_entity,
  currency,
  resource_key,
  role_name
FROM planned_assignment(as_of = {as_of:Date})
