-- simulation.groups: one row per client, project and legal entity of a simulated run, those with the most money first, a few of each
WITH
  said AS
  (
    SELECT
      exception_id,
      any(customer_key) AS customer,
      any(project_key) AS project,
      any(legal_entity) AS entity,
      any(money_reporting) AS claimed
    FROM verdict
    WHERE run_id = {run_id:String} AND rule = {rule:String} AND absorbed_by = ''
    GROUP BY exception_id
  )
SELECT
  pair.1 AS dimension,
  pair.2 AS value,
  count() AS failures,
  sum(ifNull(claimed, 0)) AS money
FROM said
ARRAY JOIN [('client', customer), ('project', project), ('entity', toString(entity))] AS pair
WHERE pair.2 != ''
GROUP BY pair
ORDER BY dimension, money DESC, failures DESC, value
LIMIT {limit:UInt32} BY dimension
