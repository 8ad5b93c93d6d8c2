-- One row per invoice that could be written: a client, contract, legal entity and currency with approved billable items that are on no
-- invoice, of one month (the cycle), which is to be invoiced by the cutoff day of the next. Blocked by what a standing hard-blocking
-- exception holds up, except by rules about a decision of the business (`commercial`), which are no data issue; else unknown when
-- something of it could not be compared (`blind`: kinds of items whose newest run concluded nothing); else ready.
CREATE OR REPLACE VIEW invoice_candidate AS
WITH
  held AS
  (
    SELECT
      i.item_key AS item_key,
      groupUniqArray(i.exception_id) AS exceptions,
      groupUniqArray(i.rule) AS rules
    FROM standing_item AS i
    WHERE i.blocking = 'hard' AND NOT has({commercial:Array(String)}, i.rule)
    GROUP BY i.item_key
  )
SELECT
  i.customer_key AS customer_key,
  i.contract_key AS contract_key,
  i.legal_entity AS legal_entity,
  i.currency AS currency,
  toStartOfMonth(i.on_date) AS cycle_on,
  addDays(addMonths(cycle_on, 1), {cutoff_day:UInt8} - 1) AS cutoff_on,
  count() AS items,
  sum(ifNull(i.value, toDecimal64(0, 4))) AS value,
  sum(ifNull(i.value_reporting, toDecimal64(0, 4))) AS value_reporting,
  countIf(isNull(i.value_reporting)) AS unpriced,
  countIf(h.item_key != '') AS blocked_items,
  sumIf(ifNull(i.value_reporting, toDecimal64(0, 4)), h.item_key != '') AS blocked_value,
  uniqExactArray(h.exceptions) AS blockers,
  arraySort(groupUniqArrayArray(h.rules)) AS blocking_rules,
  multiIf(blocked_items > 0, 'blocked', hasAny(groupUniqArray(i.kind), {blind:Array(String)}), 'unknown', 'ready') AS status
FROM billable_item(as_of = {as_of:Date}, reporting = {reporting:String}, invoiced_by = {invoiced_by:String}) AS i
LEFT JOIN held AS h ON h.item_key = i.item_key
WHERE i.is_invoiced = 0 AND i.is_over_cap = 0
GROUP BY
  customer_key,
  contract_key,
  legal_entity,
  currency,
  cycle_on
