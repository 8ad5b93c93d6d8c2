-- One row per assignment in the PSA: present while active, on an active project, and not over for more than 30 days on the date
-- of the run.
CREATE OR REPLACE VIEW side_psa_assignment AS
SELECT
  a.key AS key,
  a.k AS k,
  (a.is_deleted = 0 AND a.is_active = 1 AND p.is_active = 1 AND a.end_on >= subtractDays({as_of:Date}, 30)) AS present,
  greatest(a.changed_at, p.changed_at) AS changed_at,
  a.source_id AS source_id,
  a.native_id AS native_id,
  a.start_on AS start_on,
  a.end_on AS end_on,
  a.allocation_pct AS allocation_pct,
  a.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  p.name AS project_name,
  a.resource_key AS resource_key,
  a.role_name AS role_name
FROM assignment AS a FINAL
LEFT JOIN base_project AS p ON p.key = a.project_key
WHERE a.role = 'psa'
