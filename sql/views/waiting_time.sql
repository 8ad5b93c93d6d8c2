-- One row per project with hours that were handed in and that nobody has decided on for more than two working days: Monday to
-- Friday, the day they were handed in not counted. `worth` is what of them may be billed and has a contract rate. Takes the date of
-- the run.
CREATE OR REPLACE VIEW waiting_time AS
SELECT
  l.project_key AS project_key,
  sum(l.hours) AS hours,
  uniqExact(l.resource_key) AS people,
  min(l.handed_in_on) AS oldest_on,
  max(l.changed_at) AS changed_at,
  if(
    countIf(l.is_billable = 1 AND isNotNull(l.rc)) > 0 OR countIf(l.is_billable = 1) = 0,
    toString(sum(if(l.is_billable = 1, toDecimal64(round(ifNull(l.rc, toDecimal64(0, 4)) * l.hours, 4), 4), toDecimal64(0, 4)))),
    ''
  ) AS worth
FROM
(
  SELECT
    t.project_key AS project_key,
    t.resource_key AS resource_key,
    t.hours AS hours,
    t.is_billable AS is_billable,
    t.changed_at AS changed_at,
    toDate(t.submitted_at) AS handed_in_on,
    arrayFirst(range -> (range.1 <= t.work_on) AND (t.work_on <= range.3), c.ranges) AS in_force,
    if(in_force.4 > 0, in_force.4, NULL) AS rc
  FROM
  (
    SELECT *
    FROM time_entry FINAL
    WHERE role = 'psa' AND is_deleted = 0 AND is_submitted = 1 AND is_approved = 0 AND submitted_at > toDateTime64(0, 3, 'UTC')
      AND arrayCount(n -> toDayOfWeek(addDays(toDate(submitted_at), n)) < 6, range(1, toUInt32(greatest(0, least(60, dateDiff('day', toDate(submitted_at), {as_of:Date})))) + 1)) > 2
      -- few wait, so they are found without FINAL first
      AND k IN (SELECT k FROM time_entry WHERE role = 'psa' AND is_submitted = 1 AND is_approved = 0)
  ) AS t
  LEFT JOIN base_project AS p ON p.key = t.project_key
  LEFT JOIN base_person AS r ON r.key = t.resource_key
  LEFT JOIN base_contract_rate AS c ON c.customer_key = p.customer_key AND c.role_name = r.role_name AND c.currency = p.currency
) AS l
GROUP BY l.project_key
