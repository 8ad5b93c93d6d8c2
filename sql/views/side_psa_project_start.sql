-- One row per billable project in the PSA with a start date: nothing may be worked before that day.
CREATE OR REPLACE VIEW side_psa_project_start AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_billable = 1 AND start_on != '1970-01-01') AS present,
  changed_at,
  source_id,
  native_id,
  toDecimal64(0, 4) AS early_lines,
  toString(start_on) AS start_day,
  name AS project_name,
  key AS project_key,
  customer_key,
  legal_entity,
  currency
FROM project FINAL
WHERE role = 'psa'
