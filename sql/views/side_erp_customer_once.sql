-- One row per tax number, and per name in a legal entity, of the ERP's active customers: each is to be held once.
CREATE OR REPLACE VIEW side_erp_customer_once AS
SELECT
  key,
  cityHash64(key) AS k,
  1 AS present,
  changed_at,
  source_id,
  native_ids[1] AS native_id,
  toDecimal64(1, 4) AS records,
  '' AS project_key,
  customer_key,
  legal_entity,
  currency,
  names
FROM base_customer_twin
