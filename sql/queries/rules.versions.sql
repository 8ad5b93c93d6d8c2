-- rules.versions: one row per version there ever was, of one rule or of all, with its newest state
SELECT
  v.rule AS rule,
  v.version AS version,
  v.meaning AS meaning,
  v.overrides AS overrides,
  v.origin AS origin,
  v.at AS at,
  e.state AS state
FROM (SELECT * FROM rule_meaning FINAL) AS v
INNER JOIN
(
  SELECT
    rule,
    version,
    argMax(state, (at, event_id)) AS state
  FROM rule_event
  GROUP BY rule, version
) AS e ON e.rule = v.rule AND e.version = v.version
WHERE {rule:String} = '' OR v.rule = {rule:String}
ORDER BY rule, version
