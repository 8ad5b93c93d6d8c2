-- overview.trend: one row per span of time: exceptions opened and resolved in it, and how many stood open at its end. What became a
-- symptom of another exception no longer stands on its own; that it later went with its cause is nothing more. Rules in shadow do not
-- count.
WITH
  symptom AS
  (
    SELECT DISTINCT exception_id
    FROM exception_event
    WHERE type = 'absorbed'
  ),
  turn AS
  (
    SELECT
      at,
      type
    FROM exception_event FINAL
    WHERE type IN ('opened', 'reopened', 'resolved') AND exception_id NOT IN (SELECT exception_id FROM symptom)
      AND rule NOT IN (SELECT rule FROM rule_state WHERE state = 'shadow')
    UNION ALL
    SELECT
      at,
      type
    FROM
    (
      SELECT
        at,
        type,
        lagInFrame(toString(type)) OVER (PARTITION BY exception_id ORDER BY at, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS before
      FROM exception_event FINAL
      WHERE type IN ('suspected', 'opened', 'reopened', 'absorbed', 'resolved', 'cleared')
        AND exception_id IN (SELECT exception_id FROM symptom)
        AND rule NOT IN (SELECT rule FROM rule_state WHERE state = 'shadow')
    )
    WHERE type IN ('opened', 'reopened') OR (type IN ('absorbed', 'resolved') AND before IN ('opened', 'reopened'))
  ),
  event AS
  (
    SELECT
      greatest(toStartOfInterval(at, toIntervalSecond({span_s:UInt32})), toStartOfInterval({from:DateTime64(3, 'UTC')}, toIntervalSecond({span_s:UInt32}))) AS span,
      at < {from:DateTime64(3, 'UTC')} AS is_before,
      type IN ('opened', 'reopened') AS opens,
      type
    FROM turn
  )
SELECT
  toDateTime64(span, 3, 'UTC') AS starts_at,
  countIf(opens AND NOT is_before) AS opened,
  countIf(type = 'resolved' AND NOT is_before) AS resolved,
  toInt64(sum(countIf(opens) - countIf(NOT opens)) OVER (ORDER BY span)) AS open
FROM event
GROUP BY span
ORDER BY span
