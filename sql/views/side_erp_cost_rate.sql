-- One row per person whose cost rate can be compared: what the ERP pays for an hour of theirs, and the approved billable hours of
-- theirs that are not invoiced yet, where the two systems do not say the same.
CREATE OR REPLACE VIEW side_erp_cost_rate AS
SELECT
  c.key AS key,
  c.k AS k,
  1 AS present,
  c.erp_changed_at AS changed_at,
  c.erp_source_id AS source_id,
  c.erp_native_id AS native_id,
  c.erp_rate AS cost_rate,
  c.person_name AS person_name,
  toString(h.hours) AS hours,
  '' AS project_key,
  '' AS customer_key,
  c.legal_entity AS legal_entity,
  if(c.erp_currency = '', c.psa_currency, c.erp_currency) AS currency
FROM base_cost_pair AS c
LEFT JOIN
(
  SELECT resource_key, sum(base_open_time.hours) AS hours
  FROM base_open_time
  WHERE resource_key IN (SELECT key FROM base_cost_pair WHERE psa_rate != erp_rate)
  GROUP BY resource_key
) AS h ON h.resource_key = c.key
