-- pushes.ledger-all: one row per event of the push ledger, in the order of the chain
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
ORDER BY seq, hash
