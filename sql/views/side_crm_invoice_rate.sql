-- One row per invoice of the ERP that stands: by the contracts, no line of time may have another rate than theirs.
CREATE OR REPLACE VIEW side_crm_invoice_rate AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_void = 0) AS present,
  changed_at,
  source_id,
  native_id,
  toUInt64(0) AS off_rate_lines,
  toDecimal64(0, 4) AS difference,
  project_key,
  customer_key,
  legal_entity,
  currency,
  number
FROM invoice FINAL
WHERE role = 'erp'
