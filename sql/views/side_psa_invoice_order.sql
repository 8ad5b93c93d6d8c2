-- One row per invoice of the ERP that stands: whether it must name a purchase order, because the project has one, in either system, or its contract asks
-- for one. Where neither does, what the invoice says is right.
CREATE OR REPLACE VIEW side_psa_invoice_order AS
SELECT
  i.key AS key,
  i.k AS k,
  (i.is_deleted = 0 AND i.is_void = 0) AS present,
  greatest(i.changed_at, p.changed_at, c.changed_at) AS changed_at,
  i.source_id AS source_id,
  i.native_id AS native_id,
  if(p.po_number != '' OR c.is_po_required = 1 OR i.po_number != '', 'named', 'none') AS purchase_order,
  i.project_key AS project_key,
  i.customer_key AS customer_key,
  i.legal_entity AS legal_entity,
  i.currency AS currency,
  i.number AS number,
  toString(i.total) AS invoice_total,
  if(p.po_number != '', p.po_number, c.po_number) AS expected_order
FROM invoice AS i FINAL
LEFT JOIN
(
  SELECT
    key,
    max(project.po_number) AS po_number,
    maxIf(project.contract_key, role = 'psa') AS contract_key,
    maxIf(project.opportunity_key, role = 'psa') AS opportunity_key,
    max(project.changed_at) AS changed_at
  FROM project FINAL
  WHERE role IN ('psa', 'erp') AND is_deleted = 0
  GROUP BY key
) AS p ON p.key = i.project_key
LEFT JOIN
(
  SELECT key, argMax(opportunity.contract_key, version) AS contract_key
  FROM opportunity FINAL
  WHERE role = 'crm' AND is_deleted = 0
  GROUP BY key
) AS o ON o.key = p.opportunity_key
LEFT JOIN
(
  SELECT
    key,
    argMax(contract.is_po_required, version) AS is_po_required,
    argMax(contract.po_number, version) AS po_number,
    max(contract.changed_at) AS changed_at
  FROM contract FINAL
  WHERE role = 'crm' AND is_deleted = 0
  GROUP BY key
) AS c ON c.key = if(p.contract_key != '', p.contract_key, o.contract_key)
WHERE i.role = 'erp'
