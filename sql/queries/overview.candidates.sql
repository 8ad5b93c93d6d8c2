-- overview.candidates: one row: invoice candidates (a client's unbilled approved billable time in one currency), and those held up
WITH
  held AS
  (
    SELECT DISTINCT item_key
    FROM standing_item
    WHERE blocking = 'hard'
  ),
  candidate AS
  (
    SELECT
      customer_key,
      currency,
      countIf(key IN (SELECT item_key FROM held)) AS of_them_held,
      count() AS all_of_them,
      countIf(isNull(value)) AS of_them_unpriced
    FROM priced_time
    WHERE role = 'psa' AND is_billable = 1
      AND (is_invoiced = 0 OR {invoiced_by:String} = 'erp')
      AND key NOT IN
      (
        SELECT key
        FROM time_entry FINAL
        WHERE {invoiced_by:String} = 'erp' AND role = 'erp' AND is_deleted = 0 AND is_invoiced = 1
      )
    GROUP BY customer_key, currency
  )
SELECT
  count() AS candidates,
  countIf(of_them_held > 0) AS held,
  sum(all_of_them) AS lines,
  sum(of_them_held) AS held_lines,
  sum(of_them_unpriced) AS unpriced_lines
FROM candidate
