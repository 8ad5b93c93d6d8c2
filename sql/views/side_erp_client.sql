-- One row per customer in the ERP that the CRM has a signed contract with: present until deleted. Where contracts say several things,
-- the ERP's one agrees when it is among them; where they say nothing of payment terms, any agree. Takes the date of the run.
CREATE OR REPLACE VIEW side_erp_client AS
SELECT
  c.key AS key,
  c.k AS k,
  (c.is_deleted = 0) AS present,
  c.changed_at AS changed_at,
  c.source_id AS source_id,
  c.native_id AS native_id,
  if(match(c.payment_terms, '^\\D*\\d+\\D*$'), concat(extract(c.payment_terms, '\\d+'), ' days'), c.payment_terms) AS own_terms,
  if(has(s.entities, toString(c.legal_entity)), arrayStringConcat(s.entities, ', '), toString(c.legal_entity)) AS signing_entity,
  if(has(s.currencies, toString(c.currency)), arrayStringConcat(s.currencies, ', '), toString(c.currency)) AS signing_currency,
  if(empty(s.terms) OR has(s.terms, own_terms), arrayStringConcat(s.terms, ', '), own_terms) AS payment_terms,
  c.parent_key AS parent_key,
  '' AS project_key,
  c.key AS customer_key,
  c.legal_entity AS legal_entity,
  c.currency AS currency,
  c.name AS client
FROM customer AS c FINAL
INNER JOIN base_client(as_of = {as_of:Date}) AS s ON s.key = c.key
WHERE c.role = 'erp'
