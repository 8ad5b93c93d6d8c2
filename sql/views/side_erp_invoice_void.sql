-- One row per invoice of the ERP: a voided one bills nothing, and of no other does the PSA say more than the ERP.
CREATE OR REPLACE VIEW side_erp_invoice_void AS
SELECT
  key,
  k,
  (is_deleted = 0) AS present,
  changed_at,
  source_id,
  native_id,
  toUInt64(0) AS items,
  toDecimal64(0, 4) AS amount,
  project_key,
  customer_key,
  legal_entity,
  currency,
  number
FROM invoice FINAL
WHERE role = 'erp'
