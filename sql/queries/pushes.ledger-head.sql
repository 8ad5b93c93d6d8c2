-- pushes.ledger-head: the newest row of the push ledger, or the rows written at the same moment
SELECT
  seq,
  hash
FROM push_event
WHERE seq = (SELECT max(seq) FROM push_event)
ORDER BY hash
