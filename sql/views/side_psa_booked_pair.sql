-- One row per person and project with an assignment in the PSA: no line of theirs may lie outside its dates.
CREATE OR REPLACE VIEW side_psa_booked_pair AS
SELECT
  concat(b.resource_key, '|', b.project_key) AS key,
  cityHash64(key) AS k,
  1 AS present,
  b.changed_at AS changed_at,
  b.source_id AS source_id,
  b.native_id AS native_id,
  toDecimal64(0, 4) AS unbooked_lines,
  b.resource_key AS resource_key,
  '' AS days,
  p.name AS project_name,
  b.project_key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency
FROM base_booked_pair AS b
LEFT JOIN base_project AS p ON p.key = b.project_key
