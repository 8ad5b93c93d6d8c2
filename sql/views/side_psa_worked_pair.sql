-- One row per person and project with an assignment in the PSA or with approved billable time that is not invoiced: how many lines lie
-- on days that no assignment of that person on that project covers, and which days those are.
CREATE OR REPLACE VIEW side_psa_worked_pair AS
SELECT
  concat(resource_key, '|', w.project_key) AS key,
  cityHash64(key) AS k,
  1 AS present,
  max(w.changed_at) AS changed_at,
  max(w.source_id) AS source_id,
  max(w.native_id) AS native_id,
  toDecimal64(sum(w.lines), 4) AS unbooked_lines,
  w.resource_key AS resource_key,
  arrayStringConcat(arrayMap(d -> toString(d), arraySort(arrayDistinct(groupArrayArray(w.dates)))), ',') AS days,
  any(p.name) AS project_name,
  w.project_key AS project_key,
  any(p.customer_key) AS customer_key,
  any(p.legal_entity) AS legal_entity,
  any(p.currency) AS currency
FROM
(
  SELECT resource_key, project_key, changed_at, source_id, native_id, 0 AS lines, CAST([] AS Array(Date)) AS dates
  FROM base_booked_pair
  UNION ALL
  SELECT
    o.resource_key AS resource_key,
    o.project_key AS project_key,
    max(o.changed_at) AS changed_at,
    '' AS source_id,
    '' AS native_id,
    count() AS lines,
    groupUniqArray(o.work_on) AS dates
  FROM base_open_time AS o
  LEFT JOIN base_booked_pair AS b ON b.resource_key = o.resource_key AND b.project_key = o.project_key
  WHERE o.resource_key != '' AND o.project_key != ''
    AND NOT arrayExists(s -> (s.1 <= o.work_on) AND (o.work_on <= s.2), b.spans)
    -- few are not booked, so they are found without FINAL first
    AND o.k IN
    (
      SELECT v.k
      FROM (SELECT k, resource_key, project_key, work_on FROM time_entry WHERE role = 'psa' AND is_invoiced = 0) AS v
      LEFT JOIN base_booked_pair AS vb ON vb.resource_key = v.resource_key AND vb.project_key = v.project_key
      WHERE NOT arrayExists(s -> (s.1 <= v.work_on) AND (v.work_on <= s.2), vb.spans)
    )
  GROUP BY resource_key, project_key
) AS w
LEFT JOIN base_project AS p ON p.key = w.project_key
GROUP BY w.resource_key, w.project_key
