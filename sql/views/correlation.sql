-- One engagement from sale to bill: a row per PSA project with the sale and the contract it came from and what the ERP has of it.
-- `correlation_id` is the sale's key, or the project's own where no sale is known; projects of one sale share it.
CREATE OR REPLACE VIEW correlation AS
SELECT
  if(p.opportunity_key = '', p.key, p.opportunity_key) AS correlation_id,
  p.opportunity_key AS opportunity_key,
  if(o.contract_key != '', o.contract_key, '') AS contract_key,
  if(p.customer_key != '', p.customer_key, o.customer_key) AS customer_key,
  p.key AS project_key,
  p.code AS project_code,
  p.name AS project_name,
  e.native_id AS erp_project_id,
  toUInt8(e.native_id != '') AS is_in_erp,
  toUInt64(i.invoices) AS invoices,
  i.last_invoice_on AS last_invoice_on
FROM (SELECT key, code, name, opportunity_key, customer_key FROM project FINAL WHERE role = 'psa' AND is_deleted = 0) AS p
LEFT JOIN (SELECT key, contract_key, customer_key FROM opportunity FINAL WHERE role = 'crm' AND is_deleted = 0) AS o
  ON o.key = p.opportunity_key
LEFT JOIN (SELECT key, min(project.native_id) AS native_id FROM project FINAL WHERE role = 'erp' AND is_deleted = 0 GROUP BY key) AS e
  ON e.key = p.key
-- an invoice names its project itself, or bills several and its lines say which
LEFT JOIN
(
  SELECT project_key, uniqExact(invoice_key) AS invoices, max(issued_on) AS last_invoice_on
  FROM
  (
    SELECT key AS invoice_key, project_key, issued_on FROM invoice FINAL WHERE role = 'erp' AND is_deleted = 0
    UNION ALL
    SELECT l.invoice_key, l.project_key, h.issued_on
    FROM (SELECT invoice_key, project_key, source_id FROM invoice_line FINAL WHERE role = 'erp' AND is_deleted = 0) AS l
    INNER JOIN (SELECT key, source_id, issued_on FROM invoice FINAL WHERE role = 'erp' AND is_deleted = 0) AS h
      ON h.key = l.invoice_key AND h.source_id = l.source_id
  )
  WHERE project_key != ''
  GROUP BY project_key
) AS i
  ON i.project_key = p.key
