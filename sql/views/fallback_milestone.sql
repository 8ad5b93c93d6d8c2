-- One row per milestone as a system holds it, for finding the one that is probably the same where the agreed key finds none.
CREATE OR REPLACE VIEW fallback_milestone AS
SELECT
  'milestone' AS entity,
  m.role AS role,
  m.source_id AS source_id,
  m.native_id AS native_id,
  m.key AS key,
  m.k AS k,
  m.key AS link_key,
  m.k AS link_k,
  concat(m.name, ', ', toString(m.amount), ' ', toString(m.currency)) AS called,
  m.name AS name,
  if(startsWith(m.project_key, 'unlinked:'), '', m.project_key) AS project_key,
  toString(m.amount) AS amount
FROM milestone AS m FINAL
WHERE m.is_deleted = 0
