-- One row per invoice of the ERP that stands: its lines of time at another rate than the contract's on the day of the work, and what
-- that comes to. Half a cent is no difference. Lines whose work no contract prices are left out.
CREATE OR REPLACE VIEW side_erp_invoice_rate AS
SELECT
  i.key AS key,
  i.k AS k,
  (i.is_deleted = 0 AND i.is_void = 0) AS present,
  greatest(i.changed_at, off.changed_at) AS changed_at,
  i.source_id AS source_id,
  i.native_id AS native_id,
  off.lines AS off_rate_lines,
  off.difference AS difference,
  i.project_key AS project_key,
  i.customer_key AS customer_key,
  i.legal_entity AS legal_entity,
  i.currency AS currency,
  i.number AS number
FROM invoice AS i FINAL
LEFT JOIN
(
  SELECT
    l.invoice_key AS invoice_key,
    l.source_id AS source_id,
    count() AS lines,
    toDecimal64(sum(round(abs(assumeNotNull(l.rate) - assumeNotNull(t.rc)) * abs(l.hours), 4)), 4) AS difference,
    max(l.changed_at) AS changed_at
  FROM (SELECT * FROM billed_line WHERE is_void = 0 AND kind = 'time' AND rate IS NOT NULL) AS l
  INNER JOIN (SELECT k, rc FROM priced_time WHERE role = 'psa') AS t ON t.k = l.k
  WHERE isNotNull(t.rc) AND abs(assumeNotNull(l.rate) - assumeNotNull(t.rc)) > toDecimal64('0.005', 4)
  GROUP BY l.invoice_key, l.source_id
) AS off ON off.invoice_key = i.key AND off.source_id = i.source_id
WHERE i.role = 'erp'
