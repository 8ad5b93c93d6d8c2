-- One row per invoice of the ERP that stands: its lines that bill an item billed before, and what they come to. An item counts as
-- billed again when, net of credits, more of it is billed than there is: more hours than the line of time has, or a larger amount than
-- the milestone or the expense. Of what is billed too often the earliest invoices stand; the latest are told of.
CREATE OR REPLACE VIEW side_erp_invoice_repeat AS
WITH
  -- lines of items that several lines bill, voided or not: few, and all that is looked at
  suspect AS
  (
    SELECT k
    FROM invoice_line
    WHERE role = 'erp' AND item_k IN
    (
      SELECT item_k
      FROM invoice_line FINAL
      WHERE role = 'erp' AND is_deleted = 0 AND amount > 0 AND item_k != cityHash64('')
      GROUP BY item_k
      HAVING count() > 1
    )
  ),
  often AS
  (
    SELECT
      kind,
      k,
      sumIf(1, l.amount > 0) - sumIf(1, l.amount < 0) AS times,
      sum(l.hours) AS hours,
      sum(l.amount) AS amount,
      groupArrayIf((l.issued_on, l.invoice_key, l.amount, l.source_id, l.changed_at), l.amount > 0) AS bills
    FROM billed_line AS l
    WHERE l.line_k IN (suspect) AND l.is_void = 0 AND l.kind != ''
    GROUP BY kind, k
    HAVING times > 1
  ),
  -- how much of an item there is
  whole AS
  (
    SELECT 'time' AS kind, k, max(time_entry.hours) AS most FROM time_entry FINAL
    WHERE role = 'psa' AND is_deleted = 0 AND k IN (SELECT k FROM often WHERE kind = 'time')
    GROUP BY k
    UNION ALL
    SELECT 'milestone' AS kind, k, toDecimal64(max(value), 4) AS most FROM priced_milestone
    WHERE role = 'psa' AND k IN (SELECT k FROM often WHERE kind = 'milestone')
    GROUP BY k
    UNION ALL
    SELECT 'expense' AS kind, k, toDecimal64(max(value), 4) AS most FROM priced_expense
    WHERE role = 'psa' AND k IN (SELECT k FROM often WHERE kind = 'expense')
    GROUP BY k
  ),
  repeats AS
  (
    SELECT arrayJoin(arraySlice(arraySort(o.bills), 2, toInt64(o.times) - 1)) AS line
    FROM often AS o
    LEFT JOIN whole AS w ON w.kind = o.kind AND w.k = o.k
    WHERE if(o.kind = 'time', o.hours, o.amount) > w.most + toDecimal64('0.01', 4)
  )
SELECT
  i.key AS key,
  i.k AS k,
  (i.is_deleted = 0 AND i.is_void = 0) AS present,
  greatest(i.changed_at, r.changed_at) AS changed_at,
  i.source_id AS source_id,
  i.native_id AS native_id,
  r.lines AS repeated_lines,
  r.amount AS repeated_amount,
  i.project_key AS project_key,
  i.customer_key AS customer_key,
  i.legal_entity AS legal_entity,
  i.currency AS currency,
  i.number AS number
FROM invoice AS i FINAL
LEFT JOIN
(
  SELECT
    line.2 AS invoice_key,
    line.4 AS source_id,
    count() AS lines,
    toDecimal64(sum(line.3), 4) AS amount,
    max(line.5) AS changed_at
  FROM repeats
  GROUP BY line.2, line.4
) AS r ON r.invoice_key = i.key AND r.source_id = i.source_id
WHERE i.role = 'erp'
