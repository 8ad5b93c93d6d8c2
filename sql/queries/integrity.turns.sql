-- integrity.turns: one row per compared field of a record that changed often since a moment, or that is asked for by its record:
-- its changes in order, as parallel lists
WITH arraySort(groupArray((changed_at, change_id, old_value, new_value, actor))) AS turns
SELECT
  source_id,
  entity,
  native_id,
  field,
  arrayMap(t -> t.1, turns) AS at,
  arrayMap(t -> t.3, turns) AS old_values,
  arrayMap(t -> t.4, turns) AS new_values,
  arrayMap(t -> t.5, turns) AS actors
FROM change_event FINAL
WHERE changed_at > {since:DateTime64(3, 'UTC')}
  AND concat(source_id, '|', entity, '|', field) IN {watched:Array(String)}
GROUP BY
  source_id,
  entity,
  native_id,
  field
HAVING count() >= 3 OR concat(source_id, '|', entity, '|', native_id) IN {records:Array(String)}
ORDER BY
  source_id,
  entity,
  native_id,
  field
