-- timeline.changes: one row per field change of one record on either side of a comparison, as the vendors' change logs tell it
SELECT
  role,
  source_id,
  native_id,
  field,
  old_value,
  new_value,
  actor,
  actor_kind,
  changed_at
FROM change_event FINAL
WHERE entity = {entity:String}
  AND (
    (source_id = {left_source:String} AND native_id IN {left_ids:Array(String)})
    OR (source_id = {right_source:String} AND native_id IN {right_ids:Array(String)})
  )
ORDER BY changed_at DESC, field
LIMIT {limit:UInt32}
