-- One row per task that the PSA or the ERP has closed: it may receive no more time.
CREATE OR REPLACE VIEW side_erp_closed_task AS
SELECT
  key,
  k,
  1 AS present,
  erp_changed_at AS changed_at,
  erp_source_id AS source_id,
  erp_native_id AS native_id,
  toDecimal64(0, 4) AS late_lines,
  toString(closed_at) AS closed_at,
  closed_in,
  task_name,
  project_name,
  project_key,
  customer_key,
  legal_entity,
  currency
FROM base_closed_task
