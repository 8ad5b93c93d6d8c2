-- One row per signed contract rate line for all of a customer's projects, keyed by what an ERP price is for: customer, role and
-- currency. Present while in force on the date of the run: of lines whose dates cover it, the newest start is in force, and lines that
-- start on one day all are.
CREATE OR REPLACE VIEW side_crm_rate_today AS
SELECT
  concat(l.customer_key, '|', l.role_name, '|', l.currency) AS key,
  cityHash64(concat(l.customer_key, '|', l.role_name, '|', l.currency)) AS k,
  (l.covers AND l.effective_from = l.newest_start) AS present,
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
FROM
(
  SELECT
    *,
    (is_deleted = 0 AND is_signed = 1 AND effective_from <= {as_of:Date} AND (effective_to = '1970-01-01' OR effective_to >= {as_of:Date})) AS covers,
    maxIf(effective_from, covers) OVER (PARTITION BY customer_key, role_name, currency) AS newest_start
  FROM rate_line FINAL
  WHERE role = 'crm' AND project_ref = ''
) AS l
LEFT JOIN (SELECT key, any(legal_entity) AS legal_entity FROM customer FINAL WHERE role = 'crm' GROUP BY key) AS c ON c.key = l.customer_key
