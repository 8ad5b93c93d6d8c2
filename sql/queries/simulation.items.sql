-- simulation.items: one row: the billable items behind the failures of a simulated run, each counted once
WITH
  item AS
  (
    SELECT
      i.1 AS item_key,
      max(toDecimal64(round(ifNull(i.3, toDecimal64(0, 4)) * fx, 4), 4)) AS at_stake
    FROM verdict
    ARRAY JOIN items AS i
    WHERE run_id = {run_id:String} AND rule = {rule:String} AND absorbed_by = ''
    GROUP BY item_key
  )
SELECT
  count() AS items,
  sum(at_stake) AS once
FROM item
