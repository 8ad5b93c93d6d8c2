-- cases.list: one row per case that stands: an exception with the failures it explains, and what all of them hold up, each billable
-- item counted once at the most that any of them puts at stake. With ids, only those; the most money first.
WITH
  symptom AS
  (
    SELECT
      id,
      root_id,
      rule,
      evidence_at
    FROM case_member
    WHERE is_symptom AND (empty({ids:Array(String)}) OR root_id IN {ids:Array(String)})
  ),
  root AS
  (
    SELECT
      id,
      rule,
      comparison,
      key,
      status,
      severity,
      blocking,
      project_key,
      customer_key,
      legal_entity,
      opened_at,
      evidence_at
    FROM exception
    WHERE status IN ('open', 'acknowledged', 'snoozed', 'waived') AND id IN (SELECT root_id FROM symptom)
  ),
  item AS
  (
    SELECT
      m.root_id AS root_id,
      i.item_key AS item_key,
      max(i.at_stake) AS stake,
      max(i.at_stake_reporting) AS stake_reporting,
      any(i.currency) AS currency,
      min(i.is_unpriced) AS unpriced
    FROM exception_item AS i
    INNER JOIN
    (
      SELECT id, root_id, evidence_at FROM symptom
      UNION ALL
      SELECT id, id AS root_id, evidence_at FROM root
    ) AS m ON m.id = i.exception_id AND m.evidence_at = i.run_at
    GROUP BY m.root_id, i.item_key
  ),
  total AS
  (
    SELECT
      root_id,
      count() AS items,
      countIf(unpriced = 1) AS unpriced,
      sum(stake) AS stake,
      sum(stake_reporting) AS stake_reporting,
      if(uniqExact(currency) = 1, any(currency), '') AS currency
    FROM item
    GROUP BY root_id
  ),
  size AS
  (
    SELECT
      root_id,
      count() AS symptoms,
      arraySort(groupUniqArray(toString(rule))) AS rules
    FROM symptom
    GROUP BY root_id
  )
SELECT
  r.id AS id,
  r.rule AS rule,
  r.comparison AS comparison,
  r.key AS key,
  r.status AS status,
  r.severity AS severity,
  r.blocking AS blocking,
  r.project_key AS project_key,
  r.customer_key AS customer_key,
  r.legal_entity AS legal_entity,
  r.opened_at AS opened_at,
  s.symptoms AS symptoms,
  s.rules AS symptom_rules,
  t.items AS items,
  t.unpriced AS unpriced,
  -- empty where the items are in several currencies
  t.currency AS currency,
  if(t.currency = '', NULL, t.stake) AS total,
  t.stake_reporting AS total_reporting
FROM root AS r
INNER JOIN size AS s ON s.root_id = r.id
LEFT JOIN total AS t ON t.root_id = r.id
ORDER BY
  total_reporting DESC,
  symptoms DESC,
  id
LIMIT {limit:UInt32}
