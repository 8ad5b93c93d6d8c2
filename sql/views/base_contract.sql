-- One row per signed contract as the CRM holds it, with what its signed amendments made of it: it ends on the day that the amendment
-- signed last says, and its cap and value are raised by what each adds. `cap` is null where there is no limit.
CREATE OR REPLACE VIEW base_contract AS
SELECT
  c.key AS key,
  c.k AS k,
  c.source_id AS source_id,
  c.native_id AS native_id,
  greatest(c.changed_at, a.changed_at) AS changed_at,
  c.number AS number,
  c.customer_key AS customer_key,
  c.legal_entity AS legal_entity,
  c.currency AS currency,
  c.start_on AS start_on,
  if(a.end_on = toDate('1970-01-01'), c.end_on, a.end_on) AS ends_on,
  c.value AS value,
  c.value + a.value AS total_value,
  c.cap + a.cap AS cap,
  c.billing_type AS billing_type,
  c.payment_terms AS payment_terms,
  c.is_po_required AS is_po_required,
  c.po_number AS po_number
FROM contract AS c FINAL
LEFT JOIN
(
  SELECT
    amends_key,
    max(contract.changed_at) AS changed_at,
    argMaxIf(contract.end_on, (signed_on, key), contract.end_on != toDate('1970-01-01')) AS end_on,
    sum(ifNull(contract.value, 0)) AS value,
    sum(ifNull(contract.cap, 0)) AS cap
  FROM contract FINAL
  WHERE role = 'crm' AND is_deleted = 0 AND is_signed = 1 AND amends_key != ''
  GROUP BY amends_key
) AS a ON a.amends_key = c.key
WHERE c.role = 'crm' AND c.is_deleted = 0 AND c.is_signed = 1 AND c.amends_key = ''
