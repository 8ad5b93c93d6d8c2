-- One row per customer with active billable projects in the PSA, and since when at the latest it has had one.
CREATE OR REPLACE VIEW base_working_client AS
SELECT
  customer_key AS key,
  min(project.changed_at) AS working_since,
  min(project.source_id) AS source_id,
  min(project.native_id) AS native_id,
  min(project.legal_entity) AS legal_entity,
  min(project.currency) AS currency,
  arrayStringConcat(arraySort(groupArray(project.name)), ', ') AS projects
FROM project FINAL
WHERE role = 'psa' AND is_deleted = 0 AND is_active = 1 AND is_billable = 1 AND customer_key != ''
GROUP BY customer_key
