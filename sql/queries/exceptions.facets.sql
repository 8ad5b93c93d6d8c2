-- exceptions.facets: one row per value that a filter may take and how many exceptions of the statuses given have it
SELECT
  pair.1 AS facet,
  pair.2 AS value,
  count() AS exceptions
FROM
(
  SELECT arrayJoin([('rule', toString(rule)), ('severity', toString(severity)), ('blocking', toString(blocking)), ('project', project_key), ('customer', customer_key), ('entity', toString(legal_entity)), ('assignee', assignee)]) AS pair
  FROM exception
  WHERE status IN {statuses:Array(String)}
)
GROUP BY pair
ORDER BY
  facet,
  exceptions DESC,
  value
LIMIT 200 BY facet
