-- One row per signed contract with projects and a cap: what was worked beyond it, the lines that is made of, and how much of the first
-- of them. As fresh as the oldest of those.
CREATE OR REPLACE VIEW side_psa_contract_cap AS
SELECT
  c.key AS key,
  c.k AS k,
  1 AS present,
  l.changed_at AS changed_at,
  c.project_source_id AS source_id,
  c.project_native_id AS native_id,
  toDecimal64(l.excess, 4) AS excess,
  '' AS project_key,
  c.customer_key AS customer_key,
  c.legal_entity AS legal_entity,
  c.currency AS currency,
  c.number AS number,
  toString(assumeNotNull(c.cap)) AS cap
FROM base_contract_work AS c
LEFT JOIN
(
  SELECT
    priced_time_beyond_cap.contract_key AS contract_key,
    minIf(priced_time_beyond_cap.changed_at, beyond > 0) AS changed_at,
    sum(beyond) AS excess
  FROM priced_time_beyond_cap
  GROUP BY contract_key
) AS l ON l.contract_key = c.key
WHERE c.cap IS NOT NULL
