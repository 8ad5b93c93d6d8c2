-- One row per sale, for finding the project that is probably for it where none names it.
CREATE OR REPLACE VIEW fallback_sale AS
SELECT
  'opportunity' AS entity,
  o.role AS role,
  o.source_id AS source_id,
  o.native_id AS native_id,
  o.key AS key,
  o.k AS k,
  o.key AS link_key,
  o.k AS link_k,
  o.name AS called,
  o.name AS name,
  if(startsWith(o.customer_key, 'unlinked:'), '', o.customer_key) AS customer_key
FROM opportunity AS o FINAL
WHERE o.is_deleted = 0
