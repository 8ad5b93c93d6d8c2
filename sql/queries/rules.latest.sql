-- rules.latest: one row, the moment of the newest step of any rule; null when there is none
SELECT maxOrNull(at) AS at
FROM rule_event
