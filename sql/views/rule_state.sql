-- One row per rule: the version in force and its state. Drafts and what was only simulated are not in force.
CREATE OR REPLACE VIEW rule_state AS
SELECT
  e.rule AS rule,
  argMax(e.version, (e.at, e.event_id)) AS version,
  toString(argMax(e.state, (e.at, e.event_id))) AS state,
  max(e.at) AS since
FROM rule_event AS e
WHERE e.state IN ('shadow', 'active', 'retired')
GROUP BY e.rule
