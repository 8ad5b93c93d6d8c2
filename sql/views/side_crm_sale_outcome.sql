-- One row per sale that active projects of the PSA are for: how it came out.
CREATE OR REPLACE VIEW side_crm_sale_outcome AS
SELECT
  o.key AS key,
  o.k AS k,
  (o.is_deleted = 0) AS present,
  o.changed_at AS changed_at,
  o.source_id AS source_id,
  o.native_id AS native_id,
  multiIf(o.is_won = 1, 'won', o.is_closed = 1, 'lost', 'open') AS outcome,
  '' AS project_key,
  w.customer_key AS customer_key,
  w.legal_entity AS legal_entity,
  w.currency AS currency,
  o.name AS sale,
  o.stage AS stage,
  w.projects AS projects
FROM opportunity AS o FINAL
INNER JOIN side_psa_sale_outcome AS w ON w.key = o.key
WHERE o.role = 'crm'
