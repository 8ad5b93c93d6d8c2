-- One row per signed contract rate line for all of a customer's projects, whatever its dates, keyed by customer, role, currency and first day.
CREATE OR REPLACE VIEW side_crm_rate AS
SELECT
  concat(l.customer_key, '|', l.role_name, '|', l.currency, '|', toString(l.effective_from)) AS key,
  cityHash64(concat(l.customer_key, '|', l.role_name, '|', l.currency, '|', toString(l.effective_from))) AS k,
  (l.is_deleted = 0 AND l.is_signed = 1) AS present,
  l.changed_at AS changed_at,
  l.source_id AS source_id,
  l.native_id AS native_id,
  l.rate AS rate,
  '' AS project_key,
  l.customer_key AS customer_key,
  c.legal_entity AS legal_entity,
  l.currency AS currency,
  l.role_name AS role_name,
  toString(l.effective_from) AS effective_from,
  toString(l.effective_to) AS effective_to
FROM rate_line AS l FINAL
LEFT JOIN (SELECT key, any(legal_entity) AS legal_entity FROM customer FINAL WHERE role = 'crm' GROUP BY key) AS c ON c.key = l.customer_key
WHERE l.role = 'crm' AND l.project_ref = ''
