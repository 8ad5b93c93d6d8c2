-- One row per customer in the CRM: present while a contract with it is signed and has not ended. Takes the date of the run.
CREATE OR REPLACE VIEW side_crm_client AS
SELECT
  c.key AS key,
  c.k AS k,
  (c.is_deleted = 0) AS present,
  greatest(c.changed_at, s.signed_at) AS changed_at,
  c.source_id AS source_id,
  c.native_id AS native_id,
  arrayStringConcat(s.entities, ', ') AS signing_entity,
  arrayStringConcat(s.currencies, ', ') AS signing_currency,
  arrayStringConcat(s.terms, ', ') AS payment_terms,
  c.parent_key AS parent_key,
  '' AS project_key,
  c.key AS customer_key,
  c.legal_entity AS legal_entity,
  c.currency AS currency,
  c.name AS client
FROM customer AS c FINAL
INNER JOIN base_client(as_of = {as_of:Date}) AS s ON s.key = c.key
WHERE c.role = 'crm'
