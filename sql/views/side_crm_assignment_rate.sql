-- One row per active billable assignment: the contract rate it should be booked at on the day max(start, min(today, end)).
-- Present when the contract has a rate for that customer, role, currency and day. Takes the date of the run.
CREATE OR REPLACE VIEW side_crm_assignment_rate AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_active = 1 AND is_billable = 1 AND rc IS NOT NULL) AS present,
  rate_changed_at AS changed_at,
  source_id,
  in_force.2 AS native_id,
  assumeNotNull(rc) AS rate,
  project_key,
  customer_key,
  legal_entity,
  currency,
  resource_key,
  role_name
FROM planned_assignment(as_of = {as_of:Date})
