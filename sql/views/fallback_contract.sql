-- One row per signed contract of the CRM, amendments left out, with the name of a sale it was signed for.
CREATE OR REPLACE VIEW fallback_contract AS
SELECT
  'contract' AS entity,
  'crm' AS role,
  c.source_id AS source_id,
  c.native_id AS native_id,
  c.key AS key,
  c.k AS k,
  c.key AS link_key,
  c.k AS link_k,
  if(o.name = '', c.number, concat(c.number, ' (', o.name, ')')) AS called,
  c.number AS number,
  o.name AS name,
  if(startsWith(c.customer_key, 'unlinked:'), '', c.customer_key) AS customer_key
FROM base_contract AS c
LEFT JOIN
(
  SELECT
    contract_key,
    argMax(opportunity.name, (is_won, version)) AS name
  FROM opportunity FINAL
  WHERE role = 'crm' AND is_deleted = 0 AND contract_key != ''
  GROUP BY contract_key
) AS o ON o.contract_key = c.key
