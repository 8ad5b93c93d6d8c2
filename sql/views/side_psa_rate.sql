-- One row per rate line for all of an account's projects in the PSA, keyed by customer, role, currency and first day.
CREATE OR REPLACE VIEW side_psa_rate AS
SELECT
  concat(customer_key, '|', role_name, '|', currency, '|', toString(effective_from)) AS key,
  cityHash64(concat(customer_key, '|', role_name, '|', currency, '|', toString(effective_from))) AS k,
  (is_deleted = 0) AS present,
  changed_at,
  source_id,
  native_id,
  rate,
  '' AS project_key,
  customer_key,
  '' AS legal_entity,
  currency,
  role_name,
  toString(l.effective_from) AS effective_from,
  toString(l.effective_to) AS effective_to
FROM rate_line AS l FINAL
WHERE role = 'psa' AND project_ref = ''
