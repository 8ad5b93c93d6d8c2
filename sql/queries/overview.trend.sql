-- overview.trend: one row per span of time: exceptions opened and resolved in it, and how many stood open at its end
WITH
  event AS
  (
    SELECT
      greatest(toStartOfInterval(at, toIntervalSecond({span_s:UInt32})), toStartOfInterval({from:DateTime64(3, 'UTC')}, toIntervalSecond({span_s:UInt32}))) AS span,
      at < {from:DateTime64(3, 'UTC')} AS is_before,
      type
    FROM exception_event FINAL
    WHERE type IN ('opened', 'reopened', 'resolved')
      AND rule NOT IN (SELECT rule FROM rule_state WHERE state = 'shadow')
  )
SELECT
  toDateTime64(span, 3, 'UTC') AS starts_at,
  countIf(type != 'resolved' AND NOT is_before) AS opened,
  countIf(type = 'resolved' AND NOT is_before) AS resolved,
  toInt64(sum(countIf(type != 'resolved') - countIf(type = 'resolved')) OVER (ORDER BY span)) AS open
FROM event
GROUP BY span
ORDER BY span
