-- rules.events: one row per step in the life of a rule, oldest first
SELECT
  version,
  at,
  state,
  actor,
  note
FROM rule_event FINAL
WHERE rule = {rule:String}
ORDER BY at, event_id
