-- One row per project in the ERP that is to carry a purchase order: whether it does.
CREATE OR REPLACE VIEW side_erp_purchase_order AS
SELECT
  p.key AS key,
  p.k AS k,
  1 AS present,
  p.changed_at AS changed_at,
  p.source_id AS source_id,
  p.native_id AS native_id,
  if(trimBoth(p.po_number) = '', 'missing', 'on file') AS purchase_order,
  p.key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  c.project_name AS project_name,
  c.contract_number AS contract_number,
  c.contract_po_number AS contract_po_number
FROM project AS p FINAL
INNER JOIN base_project_agreement AS c ON c.of_project = p.key
WHERE p.role = 'erp' AND p.is_deleted = 0 AND c.needs_order = 1
