-- simulation.overlap: one row per other rule whose open exceptions hold items of a simulated run: how many items, and the money on them
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
  ),
  held AS
  (
    SELECT DISTINCT
      e.rule AS rule,
      i.item_key AS item_key
    FROM exception_item AS i
    INNER JOIN
    (
      SELECT
        id,
        rule,
        evidence_at
      FROM exception
      WHERE status IN ('open', 'acknowledged', 'snoozed') AND rule != {rule:String}
    ) AS e ON e.id = i.exception_id AND e.evidence_at = i.run_at
    WHERE i.item_key IN (SELECT item_key FROM item)
  )
SELECT
  held.rule AS rule,
  count() AS items,
  sum(item.at_stake) AS money
FROM held
INNER JOIN item ON item.item_key = held.item_key
GROUP BY held.rule
ORDER BY money DESC, rule
