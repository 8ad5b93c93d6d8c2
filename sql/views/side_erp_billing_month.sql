-- One row per project and month with billable items the PSA has approved: what of them the ERP has on an invoice. Left over is what
-- neither system says is invoiced once two months after its own have passed: it is billed in the month after, and one cycle late is late; of what the PSA says is invoiced, the items that an ERP
-- invoice bills, or billed before it was voided. Takes the date of the run.
CREATE OR REPLACE VIEW side_erp_billing_month AS
WITH
  named AS (SELECT cityHash64(kind, k) AS item_k FROM billed_line WHERE kind != ''),
  -- of what may be left over only: versions that no longer hold among them, which does no harm
  live AS
  (
    SELECT cityHash64(kind, k) AS item_k
    FROM billed_line
    WHERE kind != '' AND is_void = 0 AND k IN
    (
      SELECT k FROM time_entry WHERE role = 'psa' AND is_invoiced = 0 AND work_on < {as_of:Date} - INTERVAL 2 MONTH
      UNION ALL
      SELECT k FROM expense WHERE role = 'psa' AND is_invoiced = 0
      UNION ALL
      SELECT k FROM milestone WHERE role = 'psa' AND is_invoiced = 0
    )
  ),
  -- the ERP's own word on what its lines may not name; a line of time may be posted long before it is invoiced
  posted AS
  (
    SELECT cityHash64('milestone', k) AS item_k FROM milestone FINAL WHERE role = 'erp' AND is_deleted = 0 AND is_invoiced = 1
    UNION ALL
    SELECT cityHash64('expense', k) AS item_k FROM expense FINAL WHERE role = 'erp' AND is_deleted = 0 AND is_invoiced = 1
  ),
  listed AS
  (
    SELECT
      *,
      cityHash64(kind, k) AS item_k
    FROM billing_item
  ),
  judged AS
  (
    SELECT
      *,
      is_invoiced = 0 AND addMonths(month, 3) <= {as_of:Date} AND item_k NOT IN (live) AND item_k NOT IN (posted) AS is_left_over,
      is_invoiced = 1 AND item_k NOT IN (named) AND item_k NOT IN (posted) AS is_unbacked
    FROM listed
  ),
  months AS
  (
    SELECT
      project_key,
      month,
      maxIf(judged.changed_at, is_left_over OR is_unbacked) AS changed_at,
      min(judged.source_id) AS source_id,
      countIf(is_left_over AND kind = 'time') AS uninvoiced_time,
      countIf(is_left_over AND kind = 'expense') AS uninvoiced_expenses,
      countIf(is_left_over AND kind = 'milestone') AS uninvoiced_milestones,
      countIf(is_invoiced = 1 AND NOT is_unbacked) AS billed_items,
      -- the lines of time by key, the rest as an amount
      arrayStringConcat(arraySort(groupArrayIf(item, is_left_over AND kind = 'time')), ',') AS uninvoiced_keys,
      toString(sumIf(amount, is_left_over)) AS uninvoiced_amount,
      arrayStringConcat(arraySort(groupArrayIf(item, is_unbacked AND kind = 'time')), ',') AS unbacked_keys,
      toString(sumIf(amount, is_unbacked)) AS unbacked_amount
    FROM judged
    GROUP BY project_key, month
  )
SELECT
  concat(m.project_key, '|', formatDateTime(m.month, '%Y-%m')) AS key,
  cityHash64(key) AS k,
  1 AS present,
  m.changed_at AS changed_at,
  m.source_id AS source_id,
  m.project_key AS native_id,
  m.uninvoiced_time AS uninvoiced_time,
  m.uninvoiced_expenses AS uninvoiced_expenses,
  m.uninvoiced_milestones AS uninvoiced_milestones,
  m.billed_items AS billed_items,
  m.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  m.uninvoiced_keys AS uninvoiced_keys,
  m.uninvoiced_amount AS uninvoiced_amount,
  m.unbacked_keys AS unbacked_keys,
  m.unbacked_amount AS unbacked_amount
FROM months AS m
LEFT JOIN base_project AS p ON p.key = m.project_key
