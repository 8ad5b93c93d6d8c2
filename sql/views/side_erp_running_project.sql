-- One row per project in the ERP, by the PSA's id: present while open. What the hours booked on it there have cost, where the PSA has
-- no such project: empty where the cost of one of the people is not known in the project's currency.
CREATE OR REPLACE VIEW side_erp_running_project AS
SELECT
  p.key AS key,
  p.k AS k,
  (p.is_deleted = 0 AND p.is_active = 1 AND NOT startsWith(p.key, 'unlinked:')) AS present,
  p.changed_at AS changed_at,
  p.source_id AS source_id,
  p.native_id AS native_id,
  p.code AS code,
  multiIf(t.lines = 0, '0', t.unknown > 0, '', toString(t.cost)) AS cost_booked,
  p.name AS project_name,
  p.key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency
FROM project AS p FINAL
LEFT JOIN
(
  SELECT
    e.project_key AS project_key,
    e.currency AS currency,
    count() AS lines,
    countIf(r.cost_rate IS NULL OR r.cost_currency NOT IN (e.currency, '')) AS unknown,
    sum(round(e.hours * ifNull(r.cost_rate, 0), 4)) AS cost
  FROM
  (
    SELECT t.project_key AS project_key, t.resource_key AS resource_key, t.hours AS hours, o.currency AS currency
    FROM (SELECT project_key, resource_key, hours FROM time_entry FINAL WHERE role = 'erp' AND is_deleted = 0 AND is_approved = 1) AS t
    INNER JOIN
    (
      SELECT key, currency
      FROM project FINAL
      WHERE role = 'erp' AND is_deleted = 0 AND is_active = 1
        AND key NOT IN (SELECT key FROM project FINAL WHERE role = 'psa' AND is_deleted = 0)
    ) AS o ON o.key = t.project_key
  ) AS e
  LEFT JOIN base_person AS r ON r.key = e.resource_key
  GROUP BY project_key, currency
) AS t ON t.project_key = p.key AND t.currency = p.currency
WHERE p.role = 'erp'
