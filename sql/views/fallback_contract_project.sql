-- One row per project of the PSA with the contract it is worked under, and what it itself holds for the contract's number.
CREATE OR REPLACE VIEW fallback_contract_project AS
SELECT
  'project' AS entity,
  'psa' AS role,
  p.source_id AS source_id,
  p.native_id AS native_id,
  p.project_key AS key,
  p.k AS k,
  if(startsWith(p.contract_key, 'unlinked:'), '', p.contract_key) AS link_key,
  cityHash64(link_key) AS link_k,
  trimBoth(concat(p.code, ' ', p.name)) AS called,
  n.contract_ref AS number,
  p.name AS name,
  if(startsWith(p.customer_key, 'unlinked:'), '', p.customer_key) AS customer_key
FROM base_project_contract AS p
LEFT JOIN
(
  SELECT
    source_id,
    native_id,
    contract_ref
  FROM project FINAL
  WHERE role = 'psa' AND is_deleted = 0
) AS n ON n.source_id = p.source_id AND n.native_id = p.native_id
