-- One row per project as the PSA holds it, with the contract it is worked under: the one it names itself, else its sale's; of an
-- amendment, the contract it amends. Empty where there is none. `linked_at`: when the sale that links them last changed.
CREATE OR REPLACE VIEW base_project_contract AS
SELECT
  p.key AS project_key,
  cityHash64(p.key) AS k,
  p.source_id AS source_id,
  p.native_id AS native_id,
  p.changed_at AS changed_at,
  if(p.contract_key = '', o.changed_at, toDateTime64(0, 3, 'UTC')) AS linked_at,
  p.code AS code,
  p.name AS name,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  p.opportunity_key AS opportunity_key,
  p.billing_type AS billing_type,
  p.is_active AS is_active,
  p.is_billable AS is_billable,
  if(p.contract_key != '', p.contract_key, o.contract_key) AS named_key,
  if(c.amends_key != '', c.amends_key, named_key) AS contract_key
FROM project AS p FINAL
LEFT JOIN
(
  SELECT
    key,
    argMax(opportunity.contract_key, version) AS contract_key,
    max(opportunity.changed_at) AS changed_at
  FROM opportunity FINAL
  WHERE role = 'crm' AND is_deleted = 0
  GROUP BY key
) AS o ON o.key = p.opportunity_key
LEFT JOIN
(
  SELECT
    key,
    argMax(contract.amends_key, version) AS amends_key
  FROM contract FINAL
  WHERE role = 'crm' AND is_deleted = 0
  GROUP BY key
) AS c ON c.key = if(p.contract_key != '', p.contract_key, o.contract_key)
WHERE p.role = 'psa' AND p.is_deleted = 0
ORDER BY p.version DESC
LIMIT 1 BY p.key
