-- kpi.blocked-invoices: one row: invoice candidates blocked by data issues, ready, and not to be told; by number and by value. Shares are
-- in percent, null when there is nothing to take them of.
SELECT
  count() AS candidates,
  countIf(status = 'blocked') AS blocked,
  countIf(status = 'unknown') AS unknown,
  countIf(status = 'ready') AS ready,
  sum(unpriced) AS unpriced,
  sum(value_reporting) AS value,
  sumIf(value_reporting, status = 'blocked') AS value_blocked,
  sumIf(value_reporting, status = 'unknown') AS value_unknown,
  if(candidates = 0, NULL, toDecimal64(round(toDecimal128(blocked * 100, 8) / greatest(candidates, 1), 2), 2)) AS share,
  if(value = 0, NULL, toDecimal64(round(toDecimal128(value_blocked, 8) * 100 / if(value = 0, toDecimal128(1, 4), toDecimal128(value, 4)), 2), 2)) AS value_share
FROM invoice_candidate(as_of = {as_of:Date}, reporting = {reporting:String}, invoiced_by = {invoiced_by:String}, cutoff_day = {cutoff_day:UInt8}, commercial = {commercial:Array(String)}, blind = {blind:Array(String)})
