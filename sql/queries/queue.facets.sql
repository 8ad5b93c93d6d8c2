-- queue.facets: one row per value a filter can take among exceptions of these statuses, with how many there are
WITH
  chosen AS
  (
    SELECT
      rule,
      legal_entity,
      customer_key,
      count() AS exceptions
    FROM exception
    WHERE status IN {statuses:Array(String)}
    GROUP BY
      rule,
      legal_entity,
      customer_key
  ),
  client AS
  (
    SELECT
      key,
      argMax(name, (role = 'crm', version)) AS name
    FROM customer FINAL
    GROUP BY key
  )
SELECT
  f.facet AS facet,
  f.value AS value,
  if(f.facet = 'client', c.name, '') AS label,
  f.count AS count
FROM
(
  SELECT
    pair.1 AS facet,
    pair.2 AS value,
    sum(exceptions) AS count
  FROM chosen
  ARRAY JOIN [('rule', toString(rule)), ('entity', toString(legal_entity)), ('client', customer_key)] AS pair
  WHERE pair.2 != ''
  GROUP BY pair
) AS f
LEFT JOIN client AS c ON c.key = f.value
