-- One row per push: its state folded from the ledger. The first decision counts: a second approval, or an approval after a
-- refusal, changes nothing.
CREATE OR REPLACE VIEW push AS
SELECT
  push_id,
  any(e.exception_id) AS exception_id,
  any(e.rule) AS rule,
  any(e.target_source) AS target_source,
  any(e.target_entity) AS target_entity,
  argMax(e.target_native_id, e.seq) AS target_native_id,
  any(e.undo_of) AS undo_of,
  argMinIf(e.detail, e.seq, e.type = 'requested') AS proposal,
  argMinIf(e.actor, e.seq, e.type = 'requested') AS requested_by,
  minIf(e.at, e.type = 'requested') AS requested_at,
  argMinIf(e.actor, e.seq, e.type IN ('approved', 'refused', 'withdrawn')) AS decided_by,
  minIf(e.at, e.type IN ('approved', 'refused', 'withdrawn')) AS decided_at,
  argMinIf(toString(e.type), e.seq, e.type IN ('approved', 'refused', 'withdrawn')) AS decision,
  multiIf(
    countIf(e.type = 'verified') > 0, 'verified',
    decision IN ('refused', 'withdrawn'), decision,
    toString(argMax(e.type, e.seq))
  ) AS status,
  argMax(e.detail, e.seq) AS last_detail,
  max(e.at) AS changed_at,
  maxIf(e.at, e.type IN ('applied', 'already_right')) AS applied_at,
  maxIf(e.at, e.type = 'verified') AS verified_at
FROM push_event AS e
GROUP BY push_id
