-- One row per customer and line of the ERP price list that customer uses; a list shared by customers gives each its own rows.
-- Keyed by customer, role and currency. The ERP's prices carry no dates. A project's own price is none of a list's.
CREATE OR REPLACE VIEW side_erp_rate AS
SELECT
  concat(c.key, '|', l.role_name, '|', l.currency) AS key,
  cityHash64(concat(c.key, '|', l.role_name, '|', l.currency)) AS k,
  (c.is_deleted = 0 AND l.is_deleted = 0) AS present,
  greatest(c.changed_at, l.changed_at) AS changed_at,
  l.source_id AS source_id,
  l.native_id AS native_id,
  l.rate AS rate,
  '' AS project_key,
  c.key AS customer_key,
  c.legal_entity AS legal_entity,
  l.currency AS currency,
  l.role_name AS role_name,
  '1970-01-01' AS effective_from,
  '1970-01-01' AS effective_to
FROM (SELECT * FROM customer FINAL WHERE role = 'erp' AND rate_card_ref != '') AS c
INNER JOIN (SELECT * FROM rate_line FINAL WHERE role = 'erp' AND project_ref = '') AS l ON l.source_id = c.source_id AND l.card_ref = c.rate_card_ref
