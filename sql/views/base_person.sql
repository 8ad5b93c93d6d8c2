-- One row per person as the PSA holds them: the role that sets their rate, and what an hour of theirs costs. The ERP says what they
-- cost where the PSA does not.
CREATE OR REPLACE VIEW base_person AS
SELECT
  key,
  argMaxIf(resource.role_name, version, role = 'psa') AS role_name,
  coalesce(argMaxIf(resource.cost_rate, version, role = 'psa'), argMaxIf(resource.cost_rate, version, role = 'erp')) AS cost_rate,
  if(
    isNull(argMaxIf(resource.cost_rate, version, role = 'psa')),
    argMaxIf(resource.currency, version, role = 'erp'),
    argMaxIf(resource.currency, version, role = 'psa')
  ) AS cost_currency
FROM resource FINAL
WHERE role IN ('psa', 'erp') AND is_deleted = 0
GROUP BY key
HAVING countIf(role = 'psa') > 0
