-- One row per invoice of the ERP that stands: whether it names a purchase order.
CREATE OR REPLACE VIEW side_erp_invoice_order AS
SELECT
  key,
  k,
  (is_deleted = 0 AND is_void = 0) AS present,
  changed_at,
  source_id,
  native_id,
  if(po_number != '', 'named', 'none') AS purchase_order,
  project_key,
  customer_key,
  legal_entity,
  currency,
  number,
  toString(total) AS invoice_total,
  '' AS expected_order
FROM invoice FINAL
WHERE role = 'erp'
