-- One row per expense as a system holds it, for finding the one that is probably the same where the agreed key finds none.
CREATE OR REPLACE VIEW fallback_expense AS
SELECT
  'expense' AS entity,
  e.role AS role,
  e.source_id AS source_id,
  e.native_id AS native_id,
  e.key AS key,
  e.k AS k,
  e.key AS link_key,
  e.k AS link_k,
  concat(toString(e.amount), ' ', toString(e.currency), ' of ', toString(e.incurred_on)) AS called,
  if(startsWith(e.resource_key, 'unlinked:'), '', e.resource_key) AS resource_key,
  toString(e.incurred_on) AS incurred_on,
  toString(e.amount) AS amount,
  toString(e.currency) AS currency
FROM expense AS e FINAL
WHERE e.is_deleted = 0
