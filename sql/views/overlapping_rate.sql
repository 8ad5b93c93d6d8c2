-- One row per system, customer, role and currency with rates: how many of the rates start while an earlier one still runs, the first
-- and last day on which more than one does, and the lowest and highest rate that runs in between.
CREATE OR REPLACE VIEW overlapping_rate AS
SELECT
  role,
  customer_key,
  role_name,
  currency,
  any(source_id) AS source_id,
  min(native_id) AS native_id,
  max(changed_at) AS changed_at,
  arraySort(groupArray((effective_from, if(effective_to = '1970-01-01', toDate('2149-06-06'), effective_to), rate))) AS ranges,
  -- of each range but the first: its start, and the day up to which it runs beside one that began no later
  arrayFilter(
    o -> o.1 <= o.2,
    arrayMap(n -> (ranges[n].1, least(ranges[n].2, arrayMax(arrayMap(r -> r.2, arraySlice(ranges, 1, n - 1))))), range(2, length(ranges) + 1))
  ) AS doubled,
  toDecimal64(length(doubled), 4) AS overlaps,
  if(empty(doubled), toDate(0), arrayMin(arrayMap(o -> o.1, doubled))) AS overlap_from,
  if(empty(doubled), toDate(0), arrayMax(arrayMap(o -> o.2, doubled))) AS overlap_to,
  arrayFilter(r -> r.1 <= overlap_to AND r.2 >= overlap_from, ranges) AS running,
  if(empty(doubled), toDecimal64(0, 4), toDecimal64(arrayMax(arrayMap(r -> r.3, running)) - arrayMin(arrayMap(r -> r.3, running)), 4)) AS spread
FROM rate_line FINAL
WHERE is_deleted = 0 AND project_ref = '' AND customer_key != '' AND (role != 'crm' OR is_signed = 1)
GROUP BY
  role,
  customer_key,
  role_name,
  currency
