-- One row per active billable project under a signed contract that the client pays only against a purchase order.
CREATE OR REPLACE VIEW side_crm_purchase_order AS
SELECT
  p.project_key AS key,
  p.k AS k,
  1 AS present,
  greatest(c.changed_at, p.linked_at) AS changed_at,
  c.source_id AS source_id,
  c.native_id AS native_id,
  'on file' AS purchase_order,
  p.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  p.name AS project_name,
  c.number AS contract_number,
  c.po_number AS contract_po_number
FROM base_project_contract AS p
INNER JOIN base_contract AS c ON c.key = p.contract_key
WHERE p.is_active = 1 AND p.is_billable = 1 AND c.is_po_required = 1
