-- One row per record that others point at: the id its system uses and the id all systems agree on.
CREATE OR REPLACE VIEW native_link AS
SELECT 'customer' AS entity, role, source_id, native_id, key FROM customer FINAL WHERE is_deleted = 0
UNION ALL
SELECT 'project' AS entity, role, source_id, native_id, key FROM project FINAL WHERE is_deleted = 0
UNION ALL
SELECT 'task' AS entity, role, source_id, native_id, key FROM task FINAL WHERE is_deleted = 0
UNION ALL
SELECT 'resource' AS entity, role, source_id, native_id, key FROM resource FINAL WHERE is_deleted = 0
UNION ALL
SELECT 'assignment' AS entity, role, source_id, native_id, key FROM assignment FINAL WHERE is_deleted = 0
