-- One row per invoice of the ERP: of a voided one, the items it billed that the PSA still says are invoiced although no other invoice
-- bills them, and what they were billed at. Of any other invoice none.
CREATE OR REPLACE VIEW side_psa_invoice_void AS
WITH
  void AS (SELECT * FROM billed_line WHERE is_void = 1 AND kind != '' AND amount > 0),
  flagged AS
  (
    SELECT 'time' AS kind, k, changed_at FROM time_entry FINAL
    WHERE role = 'psa' AND is_deleted = 0 AND is_invoiced = 1 AND k IN (SELECT k FROM void WHERE kind = 'time')
    UNION ALL
    SELECT 'milestone' AS kind, k, changed_at FROM milestone FINAL
    WHERE role = 'psa' AND is_deleted = 0 AND is_invoiced = 1 AND k IN (SELECT k FROM void WHERE kind = 'milestone')
    UNION ALL
    SELECT 'expense' AS kind, k, changed_at FROM expense FINAL
    WHERE role = 'psa' AND is_deleted = 0 AND is_invoiced = 1 AND k IN (SELECT k FROM void WHERE kind = 'expense')
  )
SELECT
  i.key AS key,
  i.k AS k,
  (i.is_deleted = 0) AS present,
  greatest(i.changed_at, s.changed_at) AS changed_at,
  i.source_id AS source_id,
  i.native_id AS native_id,
  s.items AS items,
  s.amount AS amount,
  i.project_key AS project_key,
  i.customer_key AS customer_key,
  i.legal_entity AS legal_entity,
  i.currency AS currency,
  i.number AS number
FROM invoice AS i FINAL
LEFT JOIN
(
  SELECT
    v.invoice_key AS invoice_key,
    v.source_id AS source_id,
    count() AS items,
    toDecimal64(sum(v.amount), 4) AS amount,
    max(greatest(v.changed_at, f.changed_at)) AS changed_at
  FROM void AS v
  INNER JOIN flagged AS f ON f.kind = v.kind AND f.k = v.k
  WHERE (v.kind, v.k) NOT IN (SELECT kind, k FROM billed_line WHERE is_void = 0 AND (kind, k) IN (SELECT kind, k FROM void))
  GROUP BY v.invoice_key, v.source_id
) AS s ON s.invoice_key = i.key AND s.source_id = i.source_id
WHERE i.role = 'erp'
