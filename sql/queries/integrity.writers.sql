-- integrity.writers: one row per source, field and writer that changed the field since a moment, the latest twenty records first; what
-- Plumbline's own pushes wrote left out
WITH
  (
    SELECT groupArray((toString(target_source), toString(target_entity), target_native_id, at))
    FROM push_event
    WHERE type = 'applied' AND at > {since:DateTime64(3, 'UTC')} - INTERVAL 1 HOUR
  ) AS pushed
SELECT
  source_id,
  entity,
  field,
  actor,
  actor_kind,
  count() AS changes,
  max(changed_at) AS newest_at,
  arraySlice(arrayDistinct(arrayMap(c -> c.2, arrayReverseSort(groupUniqArray((changed_at, native_id))))), 1, 20) AS native_ids
FROM change_event FINAL
WHERE changed_at > {since:DateTime64(3, 'UTC')}
  AND concat(source_id, '|', entity, '|', field) IN {watched:Array(String)}
  AND old_value != ''
  AND NOT arrayExists(p -> p.1 = source_id AND p.2 = entity AND p.3 = native_id AND abs(dateDiff('second', p.4, changed_at)) <= 300, pushed)
GROUP BY
  source_id,
  entity,
  field,
  actor,
  actor_kind
ORDER BY
  source_id,
  entity,
  field,
  actor
