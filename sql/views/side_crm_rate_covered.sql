-- One row per customer, role and currency with contract rates: how many approved hours may be without one, which is none.
CREATE OR REPLACE VIEW side_crm_rate_covered AS
SELECT
  concat(customer_key, '|', role_name, '|', currency) AS key,
  cityHash64(concat(customer_key, '|', role_name, '|', currency)) AS k,
  1 AS present,
  changed_at,
  '' AS source_id,
  '' AS native_id,
  toDecimal128(0, 4) AS hours,
  '' AS project_key,
  customer_key,
  '' AS legal_entity,
  currency,
  role_name,
  toString(rate) AS rate,
  toString(first_on) AS first_on,
  toString(last_on) AS last_on
FROM unpriced_time
