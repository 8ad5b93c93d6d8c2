-- One row per active billable project of the PSA that is worked under a signed contract, with what the contract says of billing. The
-- contracts are grouped by key because the engine cannot tell the columns of two joined views apart otherwise.
CREATE OR REPLACE VIEW base_project_agreement AS
SELECT
  p.project_key AS of_project,
  greatest(c.signed_at, p.linked_at) AS agreed_at,
  c.contract_source_id AS contract_source_id,
  c.contract_native_id AS contract_native_id,
  p.customer_key AS of_customer,
  p.legal_entity AS of_entity,
  p.currency AS of_currency,
  p.name AS project_name,
  c.contract_number AS contract_number,
  transform(c.billing_word, (SELECT groupArray(word) FROM billing_model), (SELECT groupArray(model) FROM billing_model), '') AS signed_model,
  c.needs_order AS needs_order,
  c.contract_po_number AS contract_po_number
FROM base_project_contract AS p
INNER JOIN
(
  SELECT
    base_contract.key AS of_contract,
    max(base_contract.changed_at) AS signed_at,
    min(base_contract.source_id) AS contract_source_id,
    min(base_contract.native_id) AS contract_native_id,
    min(base_contract.number) AS contract_number,
    min(replaceRegexpAll(lowerUTF8(replaceAll(base_contract.billing_type, '&', 'and')), '[^a-z]', '')) AS billing_word,
    max(base_contract.is_po_required) AS needs_order,
    min(base_contract.po_number) AS contract_po_number
  FROM base_contract
  GROUP BY of_contract
) AS c ON c.of_contract = p.contract_key
WHERE p.is_active = 1 AND p.is_billable = 1
