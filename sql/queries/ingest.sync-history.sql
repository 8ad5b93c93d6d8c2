-- What this stream's syncs have come to: when one last came to its end, when a full one did and when one was last begun.
SELECT
  maxIf(at, state = 'finished') AS finished_at,
  maxIf(at, state = 'finished' AND mode = 'full') AS full_finished_at,
  maxIf(at, state = 'started' AND mode = 'full') AS full_started_at,
  argMax(state, (at, state)) = 'finished' AS is_last_finished
FROM sync_event
WHERE source_id = {source_id:String} AND stream = {stream:String}
