-- One row per sale that active projects of the PSA are for: work goes on only where the sale was won.
CREATE OR REPLACE VIEW side_psa_sale_outcome AS
SELECT
  opportunity_key AS key,
  cityHash64(opportunity_key) AS k,
  1 AS present,
  min(base_project_contract.changed_at) AS changed_at,
  min(base_project_contract.source_id) AS source_id,
  min(base_project_contract.native_id) AS native_id,
  'won' AS outcome,
  '' AS project_key,
  min(base_project_contract.customer_key) AS customer_key,
  min(base_project_contract.legal_entity) AS legal_entity,
  min(base_project_contract.currency) AS currency,
  '' AS sale,
  '' AS stage,
  arrayStringConcat(arraySort(groupArray(base_project_contract.project_key)), ',') AS projects
FROM base_project_contract
WHERE opportunity_key != '' AND is_active = 1
GROUP BY opportunity_key
