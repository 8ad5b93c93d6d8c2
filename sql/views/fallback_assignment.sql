-- One row per booking as a system holds it, for finding the one that is probably the same where the agreed key finds none.
CREATE OR REPLACE VIEW fallback_assignment AS
SELECT
  'assignment' AS entity,
  a.role AS role,
  a.source_id AS source_id,
  a.native_id AS native_id,
  a.key AS key,
  a.k AS k,
  a.key AS link_key,
  a.k AS link_k,
  concat(toString(a.allocation_pct), ' % from ', toString(a.start_on), ' to ', toString(a.end_on), if(a.is_active = 0, ' (not active)', '')) AS called,
  if(startsWith(a.project_key, 'unlinked:'), '', a.project_key) AS project_key,
  if(startsWith(a.resource_key, 'unlinked:'), '', a.resource_key) AS resource_key,
  toString(a.start_on) AS start_on
FROM assignment AS a FINAL
WHERE a.is_deleted = 0
