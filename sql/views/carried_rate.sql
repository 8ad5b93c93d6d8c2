-- One row per approved billable time line of the PSA: the contract rate of the work date (`rc`) and the rate it is billed at (`r`): that
-- of its line on an invoice, else of the ERP's time line, else the price the ERP keeps for the project, else for the client, else the
-- PSA's own. Null where there is none. Voided invoices and credits do not count; of several lines the released one does, then the
-- newest. Takes the date up to which signatures count. Only lines billing may count on: none beyond a contract's cap.
CREATE OR REPLACE VIEW carried_rate AS
SELECT
  t.key AS key,
  t.project_key AS project_key,
  t.customer_key AS customer_key,
  t.currency AS currency,
  t.work_on AS work_on,
  -- of a line at which the cap runs out, the hours that fit
  ifNull(if(t.over_cap > 0, toDecimal128(t.value, 8) / t.rc, toDecimal128(t.hours, 8)), toDecimal128(t.hours, 8)) AS hours,
  t.rc AS rc,
  t.value AS value,
  if(b.time_key = '', 0, b.line.2) AS is_released,
  coalesce(b.line.1, e.bill_rate, if(pp.rate > 0, pp.rate, NULL), if(cp.rate > 0, cp.rate, NULL), t.bill_rate) AS r
FROM
(
  SELECT *
  FROM time_worth(as_of = {as_of:Date})
  WHERE role = 'psa' AND is_billable = 1 AND NOT is_over_cap
) AS t
LEFT JOIN
(
  SELECT
    l.time_key AS time_key,
    argMax((l.rate, i.is_released), (i.is_released, l.version)) AS line
  FROM invoice_line AS l FINAL
  INNER JOIN invoice AS i FINAL ON i.role = l.role AND i.key = l.invoice_key
  WHERE l.role = 'erp' AND l.is_deleted = 0 AND l.time_key != '' AND l.amount >= 0 AND i.role = 'erp' AND i.is_deleted = 0 AND i.is_void = 0
  GROUP BY l.time_key
) AS b ON b.time_key = t.key
LEFT JOIN
(
  SELECT
    key,
    argMax(time_entry.bill_rate, version) AS bill_rate
  FROM time_entry FINAL
  WHERE role = 'erp' AND is_deleted = 0 AND time_entry.bill_rate > 0
  GROUP BY key
) AS e ON e.key = t.key
LEFT JOIN
(
  SELECT
    project_key,
    role_name,
    currency,
    argMax(rate, version) AS rate
  FROM rate_line FINAL
  WHERE role = 'erp' AND is_deleted = 0 AND project_ref != ''
  GROUP BY project_key, role_name, currency
) AS pp ON pp.project_key = t.project_key AND pp.role_name = t.role_name AND pp.currency = t.currency
LEFT JOIN
(
  SELECT
    key,
    max(rate) AS rate
  FROM side_erp_rate
  WHERE present
  GROUP BY key
) AS cp ON cp.key = concat(t.customer_key, '|', t.role_name, '|', t.currency)
