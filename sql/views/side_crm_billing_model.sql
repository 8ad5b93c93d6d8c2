-- One row per active billable project whose contract says how it is billed, in words that are known.
CREATE OR REPLACE VIEW side_crm_billing_model AS
SELECT
  p.project_key AS key,
  p.k AS k,
  1 AS present,
  greatest(c.changed_at, p.linked_at) AS changed_at,
  c.source_id AS source_id,
  c.native_id AS native_id,
  m.model AS model,
  p.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  p.name AS project_name,
  c.number AS contract_number
FROM base_project_contract AS p
INNER JOIN base_contract AS c ON c.key = p.contract_key
INNER JOIN billing_model AS m ON m.word = replaceRegexpAll(lowerUTF8(replaceAll(c.billing_type, '&', 'and')), '[^a-z]', '')
WHERE p.is_active = 1 AND p.is_billable = 1
