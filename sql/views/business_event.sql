-- What happened in the business, told by the systems' own change logs. Where a log is silent the record's own time stands in and
-- `is_upper_bound` is 1: it happened at that time or before. Pick one event or one project; over everything it reads everything.
CREATE OR REPLACE VIEW business_event AS
WITH logged AS
(
  -- the latest time a field came to hold a value
  SELECT source_id, entity, native_id, field, new_value,
    max(changed_at) AS logged_at, argMax(change_event.actor, changed_at) AS logged_actor,
    argMax(change_event.actor_kind, changed_at) AS logged_kind
  FROM change_event
  GROUP BY source_id, entity, native_id, field, new_value
),
first_seen AS
(
  SELECT source_id, native_id, min(changed_at) AS first_at
  FROM raw_record
  WHERE is_deleted = 0
  GROUP BY source_id, native_id
),
happened AS
(
  SELECT 'opportunity won' AS event, 'opportunity' AS entity, role, source_id, native_id, key, '' AS project_key, customer_key,
    'stage' AS field, stage AS value, changed_at
  FROM opportunity FINAL WHERE is_deleted = 0 AND is_won = 1
  UNION ALL
  SELECT 'contract signed', 'contract', role, source_id, native_id, key, '', customer_key, 'status', status, changed_at
  FROM contract FINAL WHERE is_deleted = 0 AND is_signed = 1
  UNION ALL
  SELECT 'project activated', 'project', role, source_id, native_id, key, key, customer_key, 'is_active', 'true', changed_at
  FROM project FINAL WHERE is_deleted = 0 AND is_active = 1
  UNION ALL
  SELECT 'time approved', 'time_entry', role, source_id, native_id, key, project_key, '', 'status', status, changed_at
  FROM time_entry FINAL WHERE is_deleted = 0 AND is_approved = 1 AND role = 'psa'
  UNION ALL
  SELECT 'milestone accepted', 'milestone', role, source_id, native_id, key, project_key, '', 'status', status, changed_at
  FROM milestone FINAL WHERE is_deleted = 0 AND is_accepted = 1
  UNION ALL
  SELECT 'invoice released', 'invoice', role, source_id, native_id, key, project_key, customer_key, 'status', status, changed_at
  FROM invoice FINAL WHERE is_deleted = 0 AND is_released = 1
),
began AS
(
  SELECT 'project created' AS event, 'project' AS entity, role, source_id, native_id, key, key AS project_key, customer_key, changed_at
  FROM project FINAL WHERE is_deleted = 0
  UNION ALL
  SELECT 'resource assigned', 'assignment', role, source_id, native_id, key, project_key, '', changed_at
  FROM assignment FINAL WHERE is_deleted = 0 AND is_active = 1
)
SELECT
  h.event AS event, h.entity AS entity, h.role AS role, h.source_id AS source_id, h.native_id AS native_id, h.key AS key,
  h.project_key AS project_key, h.customer_key AS customer_key,
  if(l.new_value = '', h.changed_at, l.logged_at) AS happened_at,
  l.logged_actor AS actor,
  if(l.new_value = '', 'unknown', toString(l.logged_kind)) AS actor_kind,
  toUInt8(l.new_value = '') AS is_upper_bound
FROM happened AS h
LEFT JOIN logged AS l
  ON l.source_id = h.source_id AND l.entity = h.entity AND l.native_id = h.native_id AND l.field = h.field AND l.new_value = h.value
UNION ALL
SELECT
  b.event, b.entity, b.role, b.source_id, b.native_id, b.key, b.project_key, b.customer_key,
  if(f.native_id = '', b.changed_at, f.first_at), '', 'unknown', toUInt8(1)
FROM began AS b
LEFT JOIN first_seen AS f ON f.source_id = b.source_id AND f.native_id = b.native_id
UNION ALL
SELECT 'time posted', 'time_entry', role, source_id, native_id, key, project_key, '', recorded_at, '', 'unknown', toUInt8(0)
FROM time_entry FINAL WHERE is_deleted = 0 AND role = 'erp'
UNION ALL
SELECT 'time submitted', 'time_entry', c.role, c.source_id, c.native_id, t.key, t.project_key, '', c.changed_at, c.actor,
  toString(c.actor_kind), toUInt8(0)
FROM change_event AS c FINAL
INNER JOIN (SELECT source_id, native_id, key, project_key FROM time_entry FINAL WHERE is_deleted = 0) AS t
  ON t.source_id = c.source_id AND t.native_id = c.native_id
WHERE c.entity = 'time_entry' AND c.field = 'status' AND lower(c.new_value) = 'submitted'
UNION ALL
SELECT 'rate changed', 'rate_line', c.role, c.source_id, c.native_id, r.key, '', r.customer_key, c.changed_at, c.actor,
  toString(c.actor_kind), toUInt8(0)
FROM change_event AS c FINAL
INNER JOIN (SELECT source_id, native_id, key, customer_key FROM rate_line FINAL WHERE is_deleted = 0) AS r
  ON r.source_id = c.source_id AND r.native_id = c.native_id
WHERE c.entity = 'rate_line' AND c.field = 'rate'
