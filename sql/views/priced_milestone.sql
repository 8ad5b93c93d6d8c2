-- One row per accepted milestone in either system, worth its amount.
CREATE OR REPLACE VIEW priced_milestone AS
SELECT
  m.role AS role,
  m.k AS k,
  m.key AS key,
  m.project_key AS project_key,
  '' AS resource_key,
  m.due_on AS work_on,
  1 AS is_billable,
  m.is_invoiced AS is_invoiced,
  p.customer_key AS customer_key,
  m.currency AS currency,
  m.amount AS amount,
  m.amount AS value
FROM milestone AS m FINAL
LEFT JOIN base_project AS p ON p.key = m.project_key
WHERE m.is_deleted = 0 AND m.is_accepted = 1
