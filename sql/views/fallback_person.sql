-- One row per person as a system holds them, for finding the one who is probably the same where the employee number finds none.
CREATE OR REPLACE VIEW fallback_person AS
SELECT
  'resource' AS entity,
  r.role AS role,
  r.source_id AS source_id,
  r.native_id AS native_id,
  r.key AS key,
  r.k AS k,
  r.key AS link_key,
  r.k AS link_k,
  concat(r.name, if(r.is_active = 0, ' (inactive)', '')) AS called,
  r.name AS name,
  toString(r.legal_entity) AS legal_entity
FROM resource AS r FINAL
WHERE r.is_deleted = 0
