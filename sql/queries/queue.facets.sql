-- queue.facets: one row per value a filter can take among exceptions of these statuses, with how many there are
WITH
  chosen AS
  (
    SELECT
      rule,
      legal_entity,
      customer_key,
      customer_name
    FROM queue_row
    WHERE status IN {statuses:Array(String)}
  )
SELECT
  'rule' AS facet,
  toString(rule) AS value,
  '' AS label,
  count() AS count
FROM chosen
GROUP BY rule
UNION ALL
SELECT
  'entity' AS facet,
  toString(legal_entity) AS value,
  '' AS label,
  count() AS count
FROM chosen
WHERE legal_entity != ''
GROUP BY legal_entity
UNION ALL
SELECT
  'client' AS facet,
  customer_key AS value,
  any(customer_name) AS label,
  count() AS count
FROM chosen
WHERE customer_key != ''
GROUP BY customer_key
