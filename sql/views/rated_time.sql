-- One row per approved time line in either system, with what it should bring in: `rc` is the contract rate in force on the work
-- date for the project's customer, the person's role and the project's currency; null when there is none, never 0. Takes the date up
-- to which signatures count.
CREATE OR REPLACE VIEW rated_time AS
SELECT
  t.role AS role,
  t.k AS k,
  t.key AS key,
  t.source_id AS source_id,
  t.native_id AS native_id,
  t.project_key AS project_key,
  t.resource_key AS resource_key,
  t.assignment_key AS assignment_key,
  t.task_key AS task_key,
  t.changed_at AS changed_at,
  t.recorded_at AS recorded_at,
  t.work_on AS work_on,
  t.hours AS hours,
  t.is_billable AS is_billable,
  t.is_invoiced AS is_invoiced,
  t.bill_rate AS bill_rate,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  r.role_name AS role_name,
  r.cost_rate AS cost_rate,
  r.cost_currency AS cost_currency,
  arrayFirst(range -> (range.1 <= t.work_on) AND (t.work_on <= range.3), c.ranges) AS in_force,
  if(in_force.4 > 0, in_force.4, NULL) AS rc,
  rc * t.hours AS value
FROM time_entry AS t FINAL
LEFT JOIN base_project AS p ON p.key = t.project_key
LEFT JOIN base_person AS r ON r.key = t.resource_key
LEFT JOIN contract_rate(as_of = {as_of:Date}) AS c ON c.customer_key = p.customer_key AND c.role_name = r.role_name AND c.currency = p.currency
WHERE t.is_deleted = 0 AND t.is_approved = 1
