-- One row per customer, role and currency: the signed contract rates, newest start first. `rate_on` style look-ups take the first
-- range that covers a date, so that of overlapping ranges the newest start wins. An open end reads as the far future. A rate that is
-- one project's own is left out.
CREATE OR REPLACE VIEW base_contract_rate AS
SELECT
  customer_key,
  role_name,
  currency,
  arrayReverseSort(groupArray((effective_from, native_id, if(effective_to = '1970-01-01', toDate('2149-06-06'), effective_to), rate))) AS ranges,
  max(changed_at) AS changed_at
FROM rate_line FINAL
WHERE role = 'crm' AND is_deleted = 0 AND is_signed = 1 AND project_ref = ''
GROUP BY
  customer_key,
  role_name,
  currency
