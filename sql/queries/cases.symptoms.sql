-- cases.symptoms: one row per rule and comparison of a case's symptoms: how many, what each rule claims, the distinct billable items
-- behind them, and the first of them by key. Other rules may claim the same items.
WITH
  symptom AS
  (
    SELECT
      id,
      rule,
      comparison,
      key,
      money_reporting,
      evidence_at
    FROM case_member
    WHERE is_symptom AND root_id = {id:String}
  ),
  item AS
  (
    SELECT
      s.rule AS rule,
      s.comparison AS comparison,
      uniqExact(i.item_key) AS items
    FROM exception_item AS i
    INNER JOIN symptom AS s ON s.id = i.exception_id AND s.evidence_at = i.run_at
    GROUP BY s.rule, s.comparison
  )
SELECT
  g.rule AS rule,
  g.comparison AS comparison,
  g.symptoms AS symptoms,
  g.claimed AS money_reporting,
  g.unpriced AS unpriced,
  i.items AS items,
  g.first_keys AS first_keys,
  g.first_ids AS first_ids
FROM
(
  SELECT
    rule,
    comparison,
    count() AS symptoms,
    sum(ifNull(s.money_reporting, 0)) AS claimed,
    countIf(isNull(s.money_reporting)) AS unpriced,
    arraySlice(arraySort(groupArray((key, id))), 1, {first:UInt32}) AS firsts,
    arrayMap(f -> f.1, firsts) AS first_keys,
    arrayMap(f -> f.2, firsts) AS first_ids
  FROM symptom AS s
  GROUP BY rule, comparison
) AS g
LEFT JOIN item AS i ON i.rule = g.rule AND i.comparison = g.comparison
ORDER BY
  symptoms DESC,
  rule,
  comparison
