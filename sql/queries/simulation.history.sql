-- simulation.history: one row per opening of an exception of a rule since a moment, with its evidence and when it was resolved (1970: it
-- stands). Openings are what is kept of the past; what agreed then is not.
SELECT
  e.exception_id AS id,
  e.at AS opened_at,
  e.kind AS kind,
  e.money_reporting AS money_reporting,
  e.evidence AS evidence,
  minIf(r.at, r.at > e.at) AS resolved_at
FROM (SELECT * FROM exception_event FINAL) AS e
LEFT JOIN
(
  SELECT
    exception_id,
    at
  FROM exception_event FINAL
  WHERE rule = {rule:String} AND type = 'resolved'
) AS r ON r.exception_id = e.exception_id
WHERE e.rule = {rule:String} AND e.type IN ('opened', 'reopened') AND e.at >= {since:DateTime64(3, 'UTC')}
GROUP BY e.exception_id, e.at, e.kind, e.money_reporting, e.evidence
ORDER BY opened_at DESC, id
LIMIT {limit:UInt32}
