-- One row per person who has left by the ERP: the active assignments that still run after the last day, and the lines of approved
-- billable time after it that are not invoiced. Without a last day only what is booked from the date of the run on can be told.
CREATE OR REPLACE VIEW side_psa_leaver AS
SELECT
  l.key AS key,
  l.k AS k,
  1 AS present,
  greatest(l.psa_changed_at, a.changed_at, t.changed_at) AS changed_at,
  l.psa_source_id AS source_id,
  l.psa_native_id AS native_id,
  toDecimal64(a.bookings, 4) AS bookings,
  toDecimal64(t.lines, 4) AS late_lines,
  l.person_name AS person_name,
  toString(l.last_on) AS last_on,
  '' AS project_key,
  '' AS customer_key,
  l.legal_entity AS legal_entity,
  l.currency AS currency
FROM base_leaver(as_of = {as_of:Date}) AS l
LEFT JOIN
(
  SELECT
    b.key AS key,
    count() AS bookings,
    max(s.changed_at) AS changed_at
  FROM base_leaver(as_of = {as_of:Date}) AS b
  INNER JOIN (SELECT resource_key, end_on, changed_at FROM assignment FINAL WHERE role = 'psa' AND is_deleted = 0 AND is_active = 1) AS s
    ON s.resource_key = b.key
  WHERE s.end_on >= {as_of:Date} AND s.end_on > b.last_on
  GROUP BY b.key
) AS a ON a.key = l.key
LEFT JOIN
(
  SELECT
    b.key AS key,
    count() AS lines,
    max(o.changed_at) AS changed_at
  FROM (SELECT resource_key, work_on, changed_at FROM base_open_time) AS o
  INNER JOIN base_leaver(as_of = {as_of:Date}) AS b ON b.key = o.resource_key
  WHERE b.last_on != '1970-01-01' AND o.work_on > b.last_on
  GROUP BY b.key
) AS t ON t.key = l.key
