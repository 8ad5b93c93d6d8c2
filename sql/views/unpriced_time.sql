-- One row per customer, role and currency the contract has some rate for: the hours of approved billable time, on no invoice yet, on
-- days for which it has none. `rate` is the one that ran out before the last of those days, or the first one to come after it.
CREATE OR REPLACE VIEW unpriced_time AS
SELECT
  c.customer_key AS customer_key,
  c.role_name AS role_name,
  c.currency AS currency,
  any(c.changed_at) AS changed_at,
  any(c.ranges) AS ranges,
  sum(toDecimal64(ifNull(t.hours, 0), 4)) AS hours,
  minIf(t.work_on, t.hours > 0) AS first_on,
  maxIf(t.work_on, t.hours > 0) AS last_on,
  if(
    arrayExists(range -> range.1 <= last_on, ranges),
    arrayFirst(range -> range.1 <= last_on, ranges).4,
    ranges[-1].4
  ) AS rate
FROM base_contract_rate AS c
LEFT JOIN
(
  SELECT
    customer_key,
    role_name,
    currency,
    work_on,
    hours
  FROM priced_time
  WHERE role = 'psa' AND is_billable = 1 AND is_invoiced = 0 AND isNull(rc)
    -- few have none, so they are found without FINAL first
    AND k IN
    (
      SELECT v.k
      FROM (SELECT k, project_key, resource_key, work_on FROM time_entry WHERE role = 'psa' AND is_billable = 1 AND is_invoiced = 0) AS v
      LEFT JOIN base_project AS vp ON vp.key = v.project_key
      LEFT JOIN base_person AS vr ON vr.key = v.resource_key
      LEFT JOIN base_contract_rate AS vc ON vc.customer_key = vp.customer_key AND vc.role_name = vr.role_name AND vc.currency = vp.currency
      WHERE NOT (arrayFirst(range -> (range.1 <= v.work_on) AND (v.work_on <= range.3), vc.ranges).4 > 0)
    )
) AS t ON t.customer_key = c.customer_key AND t.role_name = c.role_name AND t.currency = c.currency
GROUP BY
  c.customer_key,
  c.role_name,
  c.currency
