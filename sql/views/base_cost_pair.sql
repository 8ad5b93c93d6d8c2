-- One row per person whose cost rate both the ERP and the PSA hold in one currency, and whom the PSA has as active.
CREATE OR REPLACE VIEW base_cost_pair AS
SELECT
  key,
  cityHash64(key) AS k,
  argMaxIf(r.source_id, version, role = 'psa') AS psa_source_id,
  argMaxIf(r.native_id, version, role = 'psa') AS psa_native_id,
  argMaxIf(r.source_id, version, role = 'erp') AS erp_source_id,
  argMaxIf(r.native_id, version, role = 'erp') AS erp_native_id,
  maxIf(r.changed_at, role = 'psa') AS psa_changed_at,
  maxIf(r.changed_at, role = 'erp') AS erp_changed_at,
  assumeNotNull(argMaxIf(r.cost_rate, version, role = 'psa')) AS psa_rate,
  assumeNotNull(argMaxIf(r.cost_rate, version, role = 'erp')) AS erp_rate,
  argMaxIf(r.currency, version, role = 'psa') AS psa_currency,
  argMaxIf(r.currency, version, role = 'erp') AS erp_currency,
  argMaxIf(r.name, version, role = 'psa') AS person_name,
  argMaxIf(r.legal_entity, version, role = 'psa') AS legal_entity
FROM resource AS r FINAL
WHERE role IN ('psa', 'erp') AND is_deleted = 0 AND cost_rate IS NOT NULL AND (role = 'erp' OR is_active = 1)
GROUP BY key
HAVING countIf(role = 'psa') > 0 AND countIf(role = 'erp') > 0
  AND (psa_currency = erp_currency OR psa_currency = '' OR erp_currency = '')
