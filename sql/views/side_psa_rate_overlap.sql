-- One row per customer, role and currency the PSA has rates on its cards for: how many of them start while an earlier one still runs.
CREATE OR REPLACE VIEW side_psa_rate_overlap AS
SELECT
  concat(customer_key, '|', role_name, '|', currency) AS key,
  cityHash64(concat(customer_key, '|', role_name, '|', currency)) AS k,
  1 AS present,
  changed_at,
  source_id,
  native_id,
  overlaps AS overlaps,
  '' AS project_key,
  customer_key,
  '' AS legal_entity,
  currency,
  role_name,
  toString(overlap_from) AS overlap_from,
  toString(overlap_to) AS overlap_to,
  toString(spread) AS spread
FROM overlapping_rate
WHERE role = 'psa'
