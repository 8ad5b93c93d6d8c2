-- reconcile.streams: one row per stream that was ever read, how far it is complete and what went wrong last
SELECT
  source_id,
  stream,
  -- a sync that cannot say how far it is complete is as good as its start
  maxIf(if(complete_until > toDateTime64(0, 3, 'UTC'), complete_until, started), state = 'finished') AS complete_until,
  max(at) AS last_at,
  argMax(state, at) AS last_state,
  argMaxIf(error, at, state = 'failed') AS last_error
FROM
(
  SELECT
    source_id,
    stream,
    sync_id,
    at,
    state,
    complete_until,
    error,
    min(at) OVER (PARTITION BY source_id, stream, sync_id) AS started
  FROM sync_event
)
GROUP BY
  source_id,
  stream
ORDER BY
  source_id,
  stream
