-- One row per assignment as the PSA holds it, with its contract rate on the day max(start, min(today, end)), the person's cost,
-- and the weekday hours still to come: within the next 30 days, and up to its end. Takes the date of the run.
CREATE OR REPLACE VIEW planned_assignment AS
SELECT
  a.key AS key,
  a.k AS k,
  a.native_id AS native_id,
  a.source_id AS source_id,
  a.changed_at AS changed_at,
  a.is_deleted AS is_deleted,
  a.is_active AS is_active,
  a.is_billable AS is_billable,
  a.project_key AS project_key,
  a.resource_key AS resource_key,
  a.bill_rate AS bill_rate,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  r.role_name AS role_name,
  if(r.cost_currency IN (p.currency, ''), r.cost_rate, NULL) AS cost_rate,
  greatest(a.start_on, least({as_of:Date}, a.end_on)) AS priced_on,
  arrayFirst(range -> (range.1 <= priced_on) AND (priced_on <= range.3), c.ranges) AS in_force,
  if(in_force.4 > 0, in_force.4, NULL) AS rc,
  c.changed_at AS rate_changed_at,
  greatest(a.start_on, addDays({as_of:Date}, 1)) AS from_on,
  arrayCount(n -> toDayOfWeek(addDays(from_on, n)) < 6, range(toUInt32(greatest(0, dateDiff('day', from_on, least(a.end_on, addDays({as_of:Date}, 30))) + 1)))) AS days_next_30,
  arrayCount(n -> toDayOfWeek(addDays(from_on, n)) < 6, range(toUInt32(greatest(0, dateDiff('day', from_on, a.end_on) + 1)))) AS days_to_come,
  toDecimal128(days_next_30 * 8, 4) * a.allocation_pct / 100 AS hours_next_30,
  toDecimal128(days_to_come * 8, 4) * a.allocation_pct / 100 AS hours_to_come
FROM assignment AS a FINAL
LEFT JOIN base_project AS p ON p.key = a.project_key
LEFT JOIN base_person AS r ON r.key = a.resource_key
LEFT JOIN contract_rate(as_of = {as_of:Date}) AS c ON c.customer_key = p.customer_key AND c.role_name = r.role_name AND c.currency = p.currency
WHERE a.role = 'psa'
