-- One row per signed contract rate line, keyed by what an ERP price is for: customer, role and currency. Present while in force on
-- the date of the run.
CREATE OR REPLACE VIEW side_crm_rate_today AS
SELECT
  concat(l.customer_key, '|', l.role_name, '|', l.currency) AS key,
  cityHash64(concat(l.customer_key, '|', l.role_name, '|', l.currency)) AS k,
  (l.is_deleted = 0 AND l.is_signed = 1 AND l.effective_from <= {as_of:Date} AND (l.effective_to = '1970-01-01' OR l.effective_to >= {as_of:Date})) AS present,
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
WHERE l.role = 'crm'
