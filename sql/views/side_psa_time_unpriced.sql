-- One row per customer, role and currency with contract rates: the approved hours for which there is none on that day.
CREATE OR REPLACE VIEW side_psa_time_unpriced AS
SELECT
  concat(customer_key, '|', role_name, '|', currency) AS key,
  cityHash64(concat(customer_key, '|', role_name, '|', currency)) AS k,
  1 AS present,
  changed_at,
  '' AS source_id,
  '' AS native_id,
  hours AS hours,
  '' AS project_key,
  customer_key,
  '' AS legal_entity,
  currency,
  role_name,
  toString(rate) AS rate,
  toString(first_on) AS first_on,
  toString(last_on) AS last_on
FROM unpriced_time
