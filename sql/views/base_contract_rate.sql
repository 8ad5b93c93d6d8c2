-- One row per customer, role and currency: which signed contract rate holds when, whenever it was signed (see contract_rate).
CREATE OR REPLACE VIEW base_contract_rate AS
SELECT
  customer_key,
  role_name,
  currency,
  ranges,
  changed_at
FROM contract_rate(as_of = toDate('2149-06-06'))
