-- One row per project of the PSA with the sale it names; without one, it may be for a sale that none names. Not one that names only
-- its contract: it is linked by that.
CREATE OR REPLACE VIEW fallback_sold_project AS
SELECT
  'project' AS entity,
  'psa' AS role,
  p.source_id AS source_id,
  p.native_id AS native_id,
  p.project_key AS key,
  p.k AS k,
  p.opportunity_key AS link_key,
  cityHash64(p.opportunity_key) AS link_k,
  trimBoth(concat(p.code, ' ', p.name)) AS called,
  p.name AS name,
  if(startsWith(p.customer_key, 'unlinked:'), '', p.customer_key) AS customer_key
FROM base_project_contract AS p
WHERE p.opportunity_key != '' OR p.contract_key = ''
