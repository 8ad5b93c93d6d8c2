-- One row per person and project with an assignment in the PSA, whatever its state: the dates booked.
CREATE OR REPLACE VIEW base_booked_pair AS
SELECT
  resource_key,
  project_key,
  groupArray((start_on, end_on)) AS spans,
  max(changed_at) AS changed_at,
  min(a.source_id) AS source_id,
  min(a.native_id) AS native_id
FROM assignment AS a FINAL
WHERE role = 'psa' AND is_deleted = 0 AND resource_key != '' AND project_key != ''
GROUP BY resource_key, project_key
