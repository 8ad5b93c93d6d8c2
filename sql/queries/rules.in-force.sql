-- rules.in-force: one row per rule, the version in force with what the tenant changed
SELECT
  s.rule AS rule,
  s.version AS version,
  s.state AS state,
  s.since AS since,
  v.meaning AS meaning,
  v.overrides AS overrides
FROM rule_state AS s
INNER JOIN (SELECT * FROM rule_meaning FINAL) AS v ON v.rule = s.rule AND v.version = s.version
ORDER BY rule
