-- One row per billable project in the PSA with a start date: how many lines of approved billable time, not yet invoiced, lie before it.
CREATE OR REPLACE VIEW side_psa_early_time AS
SELECT
  p.key AS key,
  p.k AS k,
  (p.is_deleted = 0 AND p.is_billable = 1 AND p.start_on != '1970-01-01') AS present,
  greatest(p.changed_at, t.changed_at) AS changed_at,
  p.source_id AS source_id,
  p.native_id AS native_id,
  toDecimal64(t.lines, 4) AS early_lines,
  toString(p.start_on) AS start_day,
  p.name AS project_name,
  p.key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency
FROM project AS p FINAL
LEFT JOIN
(
  SELECT
    o.project_key AS key,
    count() AS lines,
    max(o.changed_at) AS changed_at
  FROM
  (
    SELECT project_key, work_on, changed_at
    FROM base_open_time
    -- few are early, so they are found without FINAL first
    WHERE k IN
    (
      SELECT v.k
      FROM (SELECT k, project_key, work_on FROM time_entry WHERE role = 'psa' AND is_invoiced = 0) AS v
      INNER JOIN (SELECT key, max(start_on) AS start_on FROM project FINAL WHERE role = 'psa' AND is_deleted = 0 GROUP BY key) AS s
        ON s.key = v.project_key
      WHERE v.work_on < s.start_on
    )
  ) AS o
  INNER JOIN (SELECT key, max(start_on) AS start_on FROM project FINAL WHERE role = 'psa' AND is_deleted = 0 GROUP BY key) AS s
    ON s.key = o.project_key
  WHERE o.work_on < s.start_on
  GROUP BY o.project_key
) AS t ON t.key = p.key
WHERE p.role = 'psa'
