-- One row per person the PSA knows who has left by the ERP: inactive there, or the last day lies before the date of the run.
-- `last_on` is 1970-01-01 where no last day is known. Takes the date of the run.
CREATE OR REPLACE VIEW base_leaver AS
SELECT
  e.key AS key,
  e.k AS k,
  e.source_id AS source_id,
  e.native_id AS native_id,
  e.changed_at AS changed_at,
  e.left_on AS last_on,
  p.source_id AS psa_source_id,
  p.native_id AS psa_native_id,
  p.changed_at AS psa_changed_at,
  p.name AS person_name,
  p.legal_entity AS legal_entity,
  p.currency AS currency
FROM
(
  SELECT
    key,
    k,
    argMax(r.source_id, version) AS source_id,
    argMax(r.native_id, version) AS native_id,
    max(r.changed_at) AS changed_at,
    argMax(r.left_on, version) AS left_on,
    argMax(r.is_active, version) AS is_active
  FROM resource AS r FINAL
  WHERE role = 'erp' AND is_deleted = 0
  GROUP BY key, k
) AS e
INNER JOIN
(
  SELECT
    key,
    argMax(r.source_id, version) AS source_id,
    argMax(r.native_id, version) AS native_id,
    max(r.changed_at) AS changed_at,
    argMax(r.name, version) AS name,
    argMax(r.legal_entity, version) AS legal_entity,
    argMax(r.currency, version) AS currency
  FROM resource AS r FINAL
  WHERE role = 'psa' AND is_deleted = 0
  GROUP BY key
) AS p ON p.key = e.key
WHERE e.is_active = 0 OR (e.left_on != '1970-01-01' AND e.left_on < {as_of:Date})
