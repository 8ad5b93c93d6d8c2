-- One row per active billable project under a signed contract that the client pays only against a purchase order.
CREATE OR REPLACE VIEW side_crm_purchase_order AS
SELECT
  of_project AS key,
  cityHash64(of_project) AS k,
  1 AS present,
  agreed_at AS changed_at,
  contract_source_id AS source_id,
  contract_native_id AS native_id,
  'on file' AS purchase_order,
  of_project AS project_key,
  of_customer AS customer_key,
  of_entity AS legal_entity,
  of_currency AS currency,
  project_name,
  contract_number,
  contract_po_number
FROM base_project_agreement
WHERE needs_order = 1
