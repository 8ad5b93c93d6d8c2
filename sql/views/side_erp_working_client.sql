-- One row per customer in the ERP that has active billable projects in the PSA: whether it may be billed.
CREATE OR REPLACE VIEW side_erp_working_client AS
SELECT
  c.key AS key,
  c.k AS k,
  (c.is_deleted = 0) AS present,
  c.changed_at AS changed_at,
  c.source_id AS source_id,
  c.native_id AS native_id,
  multiIf(c.is_active = 0, 'inactive', c.is_on_hold = 1, 'on hold', 'open') AS status,
  '' AS project_key,
  c.key AS customer_key,
  c.legal_entity AS legal_entity,
  c.currency AS currency,
  w.projects AS projects
FROM customer AS c FINAL
INNER JOIN base_working_client AS w ON w.key = c.key
WHERE c.role = 'erp'
