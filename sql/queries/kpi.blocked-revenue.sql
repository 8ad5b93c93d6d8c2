-- kpi.blocked-revenue: one row per rule that is the primary blocker of an item, and one without a rule for all of them: what it holds up,
-- every item once. `overlap` is the part of it that others hold up too, `due` the part whose cutoff is near or past. Items that are
-- on an invoice already are apart: nothing of them waits for one.
SELECT
  b.rule AS rule,
  countIf(NOT is_billed) AS items,
  sumIf(b.value_reporting, NOT is_billed) AS value,
  sumIf(b.value_reporting, NOT is_billed AND b.hard_blockers > 1) AS overlap,
  sumIf(b.value_reporting, NOT is_billed AND is_due) AS due,
  countIf(NOT is_billed AND b.is_unpriced = 1) AS unpriced,
  countIf(is_billed) AS invoiced_items,
  sumIf(b.value_reporting, is_billed) AS invoiced_value
FROM
(
  SELECT
    h.*,
    i.is_invoiced = 1 AS is_billed,
    -- without a row here it is not approved, or only the ERP has it: no cutoff waits for it
    i.item_key != '' AND addDays(addMonths(toStartOfMonth(i.on_date), 1), {cutoff_day:UInt8} - 1) <= {due_by:Date} AS is_due
  FROM (SELECT * FROM blocked_item WHERE blocking = 'hard') AS h
  LEFT JOIN
  (
    SELECT
      item_key,
      any(on_date) AS on_date,
      max(is_invoiced) AS is_invoiced
    FROM billable_item(as_of = {as_of:Date}, reporting = {reporting:String}, invoiced_by = {invoiced_by:String})
    WHERE item_key IN (SELECT item_key FROM blocked_item WHERE blocking = 'hard')
    GROUP BY item_key
  ) AS i ON i.item_key = h.item_key
) AS b
GROUP BY GROUPING SETS ((rule), ())
ORDER BY rule = '' DESC, value DESC, rule
