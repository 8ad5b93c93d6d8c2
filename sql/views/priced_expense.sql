-- One row per approved expense in either system, with what it should bring in: its amount and the markup it is billed on with.
CREATE OR REPLACE VIEW priced_expense AS
SELECT
  e.role AS role,
  e.k AS k,
  e.key AS key,
  e.project_key AS project_key,
  e.resource_key AS resource_key,
  e.incurred_on AS work_on,
  e.is_billable AS is_billable,
  e.is_invoiced AS is_invoiced,
  p.customer_key AS customer_key,
  e.currency AS currency,
  e.amount AS amount,
  toDecimal64(round(e.amount * (100 + ifNull(e.markup_pct, 0)) / 100, 4), 4) AS value
FROM expense AS e FINAL
LEFT JOIN base_project AS p ON p.key = e.project_key
WHERE e.is_deleted = 0 AND e.is_approved = 1
