-- One row per invoice of the ERP that stands: no line of it may bill what is billed already.
CREATE OR REPLACE VIEW side_erp_invoice_once AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_void = 0) AS present,
  changed_at,
  source_id,
  native_id,
  toUInt64(0) AS repeated_lines,
  toDecimal64(0, 4) AS repeated_amount,
  project_key,
  customer_key,
  legal_entity,
  currency,
  number
FROM invoice FINAL
WHERE role = 'erp'
