-- queue.tiles: one row: the figures over the queue, over everything that stands, whatever the filter
SELECT
  countIf(standing AND blocking = 'hard') AS blocked,
  countIf(due AND assignee = '') AS unassigned,
  countIf(due AND assignee = {me:String}) AS mine,
  countIf(status = 'snoozed') AS snoozed,
  countIf(status = 'waived') AS waived,
  countIf(status = 'waived' AND waived_until <= {ends_before:DateTime64(3, 'UTC')}) AS waivers_ending
FROM
(
  SELECT
    status IN ('open', 'acknowledged', 'snoozed') AS standing,
    status IN ('open', 'acknowledged') AS due,
    status,
    blocking,
    assignee,
    waived_until
  FROM exception
)
