-- One row per contract or amendment as the CRM holds it: what it amends, when it was signed, its cap and its discount.
CREATE OR REPLACE VIEW agreed_terms AS
SELECT
  key,
  argMax(amends_key, version) AS amends_key,
  argMax(is_signed, version) AS is_signed,
  argMax(signed_on, version) AS signed_on,
  argMax(currency, version) AS currency,
  -- in a tuple, as argMax passes over nulls
  argMax(tuple(cap), version).1 AS cap,
  argMax(tuple(discount_pct), version).1 AS discount_pct
FROM contract FINAL
WHERE role = 'crm' AND is_deleted = 0
GROUP BY key
