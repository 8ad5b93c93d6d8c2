-- One row per project and month with billable items the PSA has approved: what of them the ERP has on an invoice. Left over is what
-- neither system says is invoiced once two months after its own have passed: it is billed in the month after, and one cycle late is late; of what the PSA says is invoiced, the items that an ERP
-- invoice bills, or billed before it was voided. Takes the date of the run.
CREATE OR REPLACE VIEW side_erp_billing_month AS
WITH
  live AS (SELECT kind, k FROM billed_line WHERE is_void = 0 AND kind != ''),
  void AS (SELECT kind, k FROM billed_line WHERE is_void = 1 AND kind != ''),
  -- the ERP's own word on what its lines may not name; a line of time may be posted long before it is invoiced
  posted AS
  (
    SELECT 'milestone' AS kind, k FROM milestone FINAL WHERE role = 'erp' AND is_deleted = 0 AND is_invoiced = 1
    UNION ALL
    SELECT 'expense' AS kind, k FROM expense FINAL WHERE role = 'erp' AND is_deleted = 0 AND is_invoiced = 1
  ),
  judged AS
  (
    SELECT
      *,
      is_invoiced = 0 AND addMonths(month, 3) <= {as_of:Date} AND (kind, k) NOT IN (live) AND (kind, k) NOT IN (posted) AS is_left_over,
      is_invoiced = 1 AND (kind, k) NOT IN (live) AND (kind, k) NOT IN (void) AND (kind, k) NOT IN (posted) AS is_unbacked
    FROM billing_item
  )
SELECT
  concat(b.project_key, '|', formatDateTime(b.month, '%Y-%m')) AS key,
  cityHash64(key) AS k,
  1 AS present,
  maxIf(b.changed_at, b.is_left_over OR b.is_unbacked) AS changed_at,
  min(b.source_id) AS source_id,
  b.project_key AS native_id,
  countIf(b.is_left_over AND b.kind = 'time') AS uninvoiced_time,
  countIf(b.is_left_over AND b.kind = 'expense') AS uninvoiced_expenses,
  countIf(b.is_left_over AND b.kind = 'milestone') AS uninvoiced_milestones,
  countIf(b.is_invoiced = 1 AND NOT b.is_unbacked) AS billed_items,
  b.project_key AS project_key,
  any(p.customer_key) AS customer_key,
  any(p.legal_entity) AS legal_entity,
  any(p.currency) AS currency,
  -- the lines of time by key, the rest as an amount
  arrayStringConcat(arraySort(groupArrayIf(b.item, b.is_left_over AND b.kind = 'time')), ',') AS uninvoiced_keys,
  toString(sumIf(b.amount, b.is_left_over)) AS uninvoiced_amount,
  arrayStringConcat(arraySort(groupArrayIf(b.item, b.is_unbacked AND b.kind = 'time')), ',') AS unbacked_keys,
  toString(sumIf(b.amount, b.is_unbacked)) AS unbacked_amount
FROM judged AS b
LEFT JOIN base_project AS p ON p.key = b.project_key
GROUP BY b.project_key, b.month
