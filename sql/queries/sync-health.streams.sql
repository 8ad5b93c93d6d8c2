-- sync-health.streams: one row per stream that was ever read, with its last good sync and how the last attempt went
SELECT
  source_id,
  stream,
  maxIf(at, state = 'finished') AS finished_at,
  maxIf(at, state = 'started') AS started_at,
  max(at) AS last_at,
  argMax(state, (at, state)) AS last_state,
  argMaxIf(error, at, state = 'failed') AS last_error,
  argMaxIf(note, at, state = 'finished') AS last_note,
  maxIf(at, state = 'failed') AS failed_at,
  maxIf(at, state = 'finished' AND mode = 'full') AS full_at,
  sumIf(records_read, state = 'finished' AND at >= {since:DateTime64(3, 'UTC')}) AS records_read,
  sumIf(records_mapped, state = 'finished' AND at >= {since:DateTime64(3, 'UTC')}) AS records_mapped,
  sumIf(records_deleted, state = 'finished' AND at >= {since:DateTime64(3, 'UTC')}) AS records_deleted,
  sumIf(requests, state != 'started' AND at >= {since:DateTime64(3, 'UTC')}) AS requests,
  sumIf(retries, state != 'started' AND at >= {since:DateTime64(3, 'UTC')}) AS retries,
  countIf(state = 'failed' AND at >= {since:DateTime64(3, 'UTC')}) AS failures,
  countIf(state != 'started' AND at >= {since:DateTime64(3, 'UTC')}) AS attempts
FROM sync_event
GROUP BY source_id, stream
ORDER BY source_id, stream
