-- One row per invoice of the ERP that stands and has lines: what its lines and its tax come to. Within a cent a line, and one unit in all, they count as the total.
CREATE OR REPLACE VIEW side_erp_invoice_sum AS
SELECT
  i.key AS key,
  i.k AS k,
  (i.is_deleted = 0 AND i.is_void = 0 AND s.lines > 0) AS present,
  greatest(i.changed_at, s.changed_at) AS changed_at,
  i.source_id AS source_id,
  i.native_id AS native_id,
  if(abs(i.total - s.amount - ifNull(i.tax, 0)) <= least(toDecimal64(1, 4), toDecimal64(s.lines, 4) / 100), i.total, toDecimal64(s.amount + ifNull(i.tax, 0), 4)) AS total,
  i.project_key AS project_key,
  i.customer_key AS customer_key,
  i.legal_entity AS legal_entity,
  i.currency AS currency,
  i.number AS number
FROM invoice AS i FINAL
LEFT JOIN
(
  SELECT invoice_key, source_id, count() AS lines, sum(amount) AS amount, max(changed_at) AS changed_at
  FROM invoice_line FINAL
  WHERE role = 'erp' AND is_deleted = 0
  GROUP BY invoice_key, source_id
) AS s ON s.invoice_key = i.key AND s.source_id = i.source_id
WHERE i.role = 'erp'
