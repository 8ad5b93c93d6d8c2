-- One row per person as the PSA holds them: the role that sets their rate, and what an hour of theirs costs.
CREATE OR REPLACE VIEW base_person AS
SELECT
  key,
  argMax(role_name, version) AS role_name,
  argMax(cost_rate, version) AS cost_rate,
  argMax(currency, version) AS cost_currency
FROM resource FINAL
WHERE role = 'psa' AND is_deleted = 0
GROUP BY key
