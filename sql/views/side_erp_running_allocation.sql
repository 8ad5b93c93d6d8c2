-- One row per allocation in the ERP, by the PSA's id: present while it is not over on the date of the run. What the people booked
-- cost in the next 30 days: empty where their cost is not known in the project's currency.
CREATE OR REPLACE VIEW side_erp_running_allocation AS
SELECT
  a.key AS key,
  a.k AS k,
  (a.is_deleted = 0 AND a.is_active = 1 AND a.end_on >= {as_of:Date} AND NOT startsWith(a.key, 'unlinked:')) AS present,
  a.changed_at AS changed_at,
  a.source_id AS source_id,
  a.native_id AS native_id,
  greatest(a.start_on, addDays({as_of:Date}, 1)) AS from_on,
  arrayCount(n -> toDayOfWeek(addDays(from_on, n)) < 6, range(toUInt32(greatest(0, dateDiff('day', from_on, least(a.end_on, addDays({as_of:Date}, 30))) + 1)))) AS days_next_30,
  if(
    r.cost_rate IS NULL OR r.cost_currency NOT IN (if(p.currency = '', a.currency, p.currency), ''),
    '',
    toString(round(toDecimal128(days_next_30 * 8, 4) * a.allocation_pct * assumeNotNull(r.cost_rate) / 100, 4))
  ) AS cost_ahead,
  a.resource_key AS resource_key,
  r.role_name AS role_name,
  p.name AS project_name,
  a.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  if(p.currency = '', a.currency, p.currency) AS currency
FROM assignment AS a FINAL
LEFT JOIN base_person AS r ON r.key = a.resource_key
LEFT JOIN base_project AS p ON p.key = a.project_key
WHERE a.role = 'erp'
