-- cases.root: one row, the root of the case that an exception is a symptom of; none when it is no symptom
SELECT
  m.root_id AS id,
  r.rule AS rule,
  r.key AS key,
  r.kind AS kind,
  r.status AS status
FROM case_member AS m
INNER JOIN
(
  SELECT
    id,
    rule,
    key,
    kind,
    status
  FROM exception
) AS r ON r.id = m.root_id
WHERE m.is_symptom AND m.id = {id:String}
