-- One row per project and month with billable items the PSA has approved: how many the PSA says are invoiced. None may be left over.
CREATE OR REPLACE VIEW side_psa_billing_month AS
SELECT
  concat(b.project_key, '|', formatDateTime(b.month, '%Y-%m')) AS key,
  cityHash64(key) AS k,
  1 AS present,
  toDateTime64(0, 3, 'UTC') AS changed_at,
  b.source_id AS source_id,
  b.project_key AS native_id,
  toUInt64(0) AS uninvoiced_time,
  toUInt64(0) AS uninvoiced_expenses,
  toUInt64(0) AS uninvoiced_milestones,
  b.billed_items AS billed_items,
  b.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  '' AS uninvoiced_keys,
  '' AS uninvoiced_amount,
  '' AS unbacked_keys,
  '' AS unbacked_amount
FROM
(
  SELECT
    project_key,
    month,
    min(billing_item.source_id) AS source_id,
    countIf(is_invoiced = 1) AS billed_items
  FROM billing_item
  GROUP BY project_key, month
) AS b
LEFT JOIN base_project AS p ON p.key = b.project_key
