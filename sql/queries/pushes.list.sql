-- pushes.list: one row per push, newest first; statuses empty means all of them
SELECT
  push_id,
  exception_id,
  rule,
  target_source,
  target_entity,
  target_native_id,
  undo_of,
  proposal,
  requested_by,
  requested_at,
  decided_by,
  decided_at,
  decision,
  status,
  last_detail,
  changed_at,
  applied_at,
  verified_at
FROM push
WHERE (empty({statuses:Array(String)}) OR status IN {statuses:Array(String)})
  AND ({exception_id:String} = '' OR exception_id = {exception_id:String})
  AND ({push_id:String} = '' OR push_id = {push_id:String})
ORDER BY requested_at DESC, push_id
LIMIT {limit:UInt32}
