-- One row per project as a system holds it, for finding the one that is probably the same where the agreed key finds none.
CREATE OR REPLACE VIEW fallback_project AS
SELECT
  'project' AS entity,
  p.role AS role,
  p.source_id AS source_id,
  p.native_id AS native_id,
  p.key AS key,
  p.k AS k,
  p.key AS link_key,
  p.k AS link_k,
  concat(trimBoth(concat(p.code, ' ', p.name)), if(p.is_active = 0, ' (not active)', '')) AS called,
  p.code AS code,
  p.name AS name,
  if(startsWith(p.customer_key, 'unlinked:'), '', p.customer_key) AS customer_key
FROM project AS p FINAL
WHERE p.is_deleted = 0
