-- One row per task as a system holds it, for finding the one that is probably the same where the agreed key finds none.
CREATE OR REPLACE VIEW fallback_task AS
SELECT
  'task' AS entity,
  t.role AS role,
  t.source_id AS source_id,
  t.native_id AS native_id,
  t.key AS key,
  t.k AS k,
  t.key AS link_key,
  t.k AS link_k,
  concat(t.name, if(t.is_open = 0, ' (closed)', '')) AS called,
  t.name AS name,
  if(startsWith(t.project_key, 'unlinked:'), '', t.project_key) AS project_key
FROM task AS t FINAL
WHERE t.is_deleted = 0
