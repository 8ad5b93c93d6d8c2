-- One row per billable item the PSA has approved: a line of time, an expense, an accepted milestone, with the month it belongs to and
-- whether the PSA says it is invoiced. Only kinds of item that the ERP's invoice lines name at all: of others nothing can be said.
CREATE OR REPLACE VIEW billing_item AS
SELECT *
FROM
(
  SELECT 'time' AS kind, key AS item, k, project_key, toStartOfMonth(work_on) AS month, is_invoiced, toDecimal64(0, 4) AS amount, changed_at, source_id
  FROM time_entry FINAL
  WHERE role = 'psa' AND is_deleted = 0 AND is_approved = 1 AND is_billable = 1
  UNION ALL
  SELECT
    'expense' AS kind,
    key AS item,
    k,
    project_key,
    toStartOfMonth(incurred_on) AS month,
    is_invoiced,
    toDecimal64(round(expense.amount * (100 + ifNull(markup_pct, 0)) / 100, 4), 4) AS amount,
    changed_at,
    source_id
  FROM expense FINAL
  WHERE role = 'psa' AND is_deleted = 0 AND is_approved = 1 AND is_billable = 1
  UNION ALL
  SELECT 'milestone' AS kind, key AS item, k, project_key, toStartOfMonth(due_on) AS month, is_invoiced, milestone.amount AS amount, changed_at, source_id
  FROM milestone FINAL
  WHERE role = 'psa' AND is_deleted = 0 AND is_accepted = 1
)
WHERE kind IN
(
  SELECT 'time' FROM (SELECT 1 FROM billed_line WHERE kind = 'time' LIMIT 1)
  UNION ALL
  SELECT 'milestone' FROM (SELECT 1 FROM billed_line WHERE kind = 'milestone' LIMIT 1)
  UNION ALL
  SELECT 'expense' FROM (SELECT 1 FROM billed_line WHERE kind = 'expense' LIMIT 1)
)
