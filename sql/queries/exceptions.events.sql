-- exceptions.events: one row per event of an exception, oldest first
SELECT
  event_id,
  at,
  type,
  actor,
  run_id,
  kind,
  severity,
  money,
  currency,
  money_reporting,
  evidence,
  assignee,
  note,
  until
FROM exception_event
WHERE exception_id = {id:String}
ORDER BY
  at,
  event_id
LIMIT 1 BY event_id
