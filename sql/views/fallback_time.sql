-- One row per time line as a system holds it, for finding the one that is probably the same where the agreed key finds none.
CREATE OR REPLACE VIEW fallback_time AS
SELECT
  'time_entry' AS entity,
  t.role AS role,
  t.source_id AS source_id,
  t.native_id AS native_id,
  t.key AS key,
  t.k AS k,
  t.key AS link_key,
  t.k AS link_k,
  concat(toString(t.hours), ' h on ', toString(t.work_on), if(t.is_approved = 0, ' (not approved)', '')) AS called,
  if(startsWith(t.project_key, 'unlinked:'), '', t.project_key) AS project_key,
  if(startsWith(t.resource_key, 'unlinked:'), '', t.resource_key) AS resource_key,
  toString(t.work_on) AS work_on,
  toString(t.hours) AS hours
FROM time_entry AS t FINAL
WHERE t.is_deleted = 0
