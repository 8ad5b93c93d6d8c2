-- One row per line of an ERP invoice that bills an item: what it bills (`kind` and `item`; '' where it names none), on which invoice,
-- and whether that invoice was voided. A credit has a negative amount and counts its hours the same way. `line_k` is the line's own
-- place in its table, `k` the item's in the item's own.
CREATE OR REPLACE VIEW billed_line AS
SELECT
  i.key AS invoice_key,
  i.number AS number,
  i.issued_on AS issued_on,
  i.is_void AS is_void,
  i.customer_key AS customer_key,
  i.legal_entity AS legal_entity,
  if(l.project_key != '', l.project_key, i.project_key) AS project_key,
  multiIf(l.time_key != '', 'time', l.milestone_key != '', 'milestone', l.expense_key != '', 'expense', '') AS kind,
  multiIf(l.time_key != '', l.time_key, l.milestone_key != '', l.milestone_key, l.expense_key) AS item,
  l.item_k AS k,
  l.line_k AS line_k,
  if(l.amount < 0, -l.hours, l.hours) AS hours,
  l.rate AS rate,
  l.amount AS amount,
  l.currency AS currency,
  l.source_id AS source_id,
  greatest(l.changed_at, i.changed_at) AS changed_at
FROM (SELECT *, k AS line_k, item_k FROM invoice_line FINAL WHERE role = 'erp' AND is_deleted = 0) AS l
INNER JOIN (SELECT * FROM invoice FINAL WHERE role = 'erp' AND is_deleted = 0) AS i ON i.source_id = l.source_id AND i.key = l.invoice_key
