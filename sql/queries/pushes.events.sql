-- pushes.events: one row per event of one push, in order
SELECT
  seq,
  push_id,
  at,
  type,
  actor,
  exception_id,
  rule,
  target_source,
  target_entity,
  target_native_id,
  undo_of,
  detail,
  previous_hash,
  hash
FROM push_event
WHERE push_id = {push_id:String}
ORDER BY seq, hash
