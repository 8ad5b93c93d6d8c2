-- One row per project in the ERP whose contract says how it is billed. Words that are not known say nothing, so they agree; nor does a
-- project have to know of a cap: it is billed by the hour either way.
CREATE OR REPLACE VIEW side_erp_billing_model AS
SELECT
  p.key AS key,
  p.k AS k,
  1 AS present,
  p.changed_at AS changed_at,
  p.source_id AS source_id,
  p.native_id AS native_id,
  transform(replaceRegexpAll(lowerUTF8(replaceAll(p.billing_type, '&', 'and')), '[^a-z]', ''), (SELECT groupArray(word) FROM billing_model), (SELECT groupArray(billing_model.model) FROM billing_model), '') AS own_model,
  multiIf(own_model = '', c.signed_model, own_model = 'time and materials' AND c.signed_model = 'capped', c.signed_model, own_model) AS model,
  p.key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  c.project_name AS project_name,
  c.contract_number AS contract_number
FROM project AS p FINAL
INNER JOIN base_project_agreement AS c ON c.of_project = p.key
WHERE p.role = 'erp' AND p.is_deleted = 0 AND c.signed_model != ''
