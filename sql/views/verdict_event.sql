-- One row per verdict of a run, with what it makes happen to its exception; an empty `event` when nothing does. Severity 1 opens at
-- the first failure, anything else at the second in a row. What a failing parent explains is a symptom of the parent's exception,
-- open or not before; what was a symptom has failed before, so it opens as soon as nothing explains it. What was waived stays waived.
-- An exception that stays as it is says so once a day.
CREATE OR REPLACE VIEW verdict_event AS
SELECT
  v.*,
  e.status AS was,
  multiIf(
    v.absorbed_by != '' AND (was NOT IN ('absorbed', 'waived') OR (was = 'absorbed' AND e.cause_id != v.cause_id)), 'absorbed',
    (v.absorbed_by = '' AND was = 'absorbed') OR was = 'suspected' OR (was IN ('', 'cleared', 'resolved') AND v.severity = 1),
      if(e.last_opened_at > toDateTime64(0, 3, 'UTC'), 'reopened', 'opened'),
    was IN ('', 'cleared', 'resolved'), 'suspected',
    e.evidence_hash != v.evidence_hash, 'changed',
    e.last_seen_at <= v.run_at - INTERVAL 1 DAY, 'seen',
    ''
  ) AS event
FROM verdict AS v
LEFT JOIN
(
  SELECT
    id,
    status,
    last_opened_at,
    last_seen_at,
    evidence_hash,
    cause_id
  -- how it stands by its own events: whether its rule is in shadow changes nothing of what happens to it
  FROM exception_state FINAL
) AS e ON e.id = v.exception_id
