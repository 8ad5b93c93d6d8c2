-- How far each stream has been read, one row per source and stream. Whether that is late is for callers to say, who know the source's
-- maxAge: the lag is now minus `complete_until`, which is 1970 while no sync has come to its end.
CREATE OR REPLACE VIEW freshness AS
SELECT
  source_id,
  stream,
  maxIf(at, state = 'finished') AS last_good_at,
  maxIf(complete_until, state = 'finished') AS complete_until,
  maxIf(at, state = 'finished' AND mode = 'full') AS last_full_at,
  argMax(state, (at, state)) AS last_state,
  argMax(at, (at, state)) AS last_at,
  -- the newest failure, and only while nothing has come to its end since
  if(maxIf(at, state = 'failed') > maxIf(at, state = 'finished'), argMaxIf(error, at, state = 'failed'), '') AS last_error,
  countIf(state = 'failed' AND at > now64(3) - INTERVAL 1 DAY) AS failures_in_a_day,
  sumIf(records_mapped, state = 'finished') AS records_mapped,
  sumIf(records_rejected, state = 'finished') AS records_rejected,
  argMaxIf(records_read, at, state = 'finished') AS last_records_read,
  argMaxIf(requests, at, state = 'finished') AS last_requests,
  argMaxIf(retries, at, state = 'finished') AS last_retries
FROM sync_event
GROUP BY source_id, stream
