-- One row per signed contract with projects and a last day: the approved billable hours worked after it. As fresh as the oldest of them.
CREATE OR REPLACE VIEW side_psa_contract_end AS
SELECT
  c.key AS key,
  c.k AS k,
  1 AS present,
  l.changed_at AS changed_at,
  c.project_source_id AS source_id,
  c.project_native_id AS native_id,
  l.hours AS late_hours,
  '' AS project_key,
  c.customer_key AS customer_key,
  c.legal_entity AS legal_entity,
  c.currency AS currency,
  c.number AS number,
  toString(c.ends_on) AS ends_on,
  c.projects AS projects
FROM base_contract_work AS c
LEFT JOIN
(
  SELECT
    p.contract_key AS contract_key,
    min(t.changed_at) AS changed_at,
    sum(toDecimal64(t.hours, 4)) AS hours
  FROM time_entry AS t FINAL
  INNER JOIN base_project_contract AS p ON p.project_key = t.project_key
  INNER JOIN base_contract AS c ON c.key = p.contract_key
  WHERE t.role = 'psa' AND t.is_deleted = 0 AND t.is_approved = 1 AND t.is_billable = 1
    -- few are late, so they are found without FINAL first
    AND t.k IN
    (
      SELECT v.k
      FROM
      (
        SELECT k, project_key, work_on
        FROM time_entry
        WHERE role = 'psa' AND work_on > (SELECT min(base_contract.ends_on) FROM base_contract WHERE base_contract.ends_on != toDate('1970-01-01'))
      ) AS v
      INNER JOIN base_project_contract AS vp ON vp.project_key = v.project_key
      INNER JOIN base_contract AS vc ON vc.key = vp.contract_key
      WHERE vc.ends_on != toDate('1970-01-01') AND v.work_on > vc.ends_on
    )
    AND c.ends_on != toDate('1970-01-01') AND t.work_on > c.ends_on
  GROUP BY p.contract_key
) AS l ON l.contract_key = c.key
WHERE c.ends_on != toDate('1970-01-01')
