-- cases.explained: one row per symptom, with what explains it: the next failure on the way to the root of its case
SELECT
  s.rule AS rule,
  s.comparison AS comparison,
  s.key AS key,
  c.rule AS cause_rule,
  c.key AS cause_key
FROM exception AS s
INNER JOIN
(
  SELECT
    id,
    rule,
    key
  FROM exception
) AS c ON c.id = s.cause_id
WHERE s.status = 'absorbed'
ORDER BY
  rule,
  comparison,
  key
