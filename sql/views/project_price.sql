-- One row per price the ERP keeps for one project alone, with the signed contract rate in force on the date of the run for that
-- project's customer, in the price's role and currency: `rc`, null when there is none. `is_used` while the price is there and the
-- PSA has the project as billable work. Takes the date of the run.
CREATE OR REPLACE VIEW project_price AS
SELECT
  l.key AS key,
  l.k AS k,
  l.native_id AS native_id,
  l.source_id AS source_id,
  greatest(l.changed_at, p.changed_at) AS changed_at,
  (l.is_deleted = 0 AND p.key != '' AND p.is_billable = 1) AS is_used,
  l.rate AS rate,
  l.role_name AS role_name,
  l.currency AS currency,
  l.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  arrayFirst(range -> (range.1 <= {as_of:Date}) AND ({as_of:Date} <= range.3), c.ranges) AS in_force,
  if(in_force.4 > 0, in_force.4, NULL) AS rc,
  c.changed_at AS rate_changed_at
FROM rate_line AS l FINAL
LEFT JOIN base_project AS p ON p.key = l.project_key
LEFT JOIN contract_rate(as_of = {as_of:Date}) AS c ON c.customer_key = p.customer_key AND c.role_name = l.role_name AND c.currency = l.currency
WHERE l.role = 'erp' AND l.project_ref != ''
