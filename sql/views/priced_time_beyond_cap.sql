-- One row per approved, billable and priced line of time in the PSA under a contract with a cap, in the contract's currency: what is
-- worked under the contract up to it, in the order of days and then of keys, and how much of the line lies beyond the cap.
CREATE OR REPLACE VIEW priced_time_beyond_cap AS
SELECT
  'psa' AS role,
  k,
  key,
  contract_key,
  changed_at,
  worth AS value,
  sum(worth) OVER (PARTITION BY contract_key ORDER BY work_on, key ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS worked,
  least(worth, greatest(toDecimal128(0, 4), worked - toDecimal128(cap, 4))) AS beyond
FROM
(
  SELECT
    p.contract_key AS contract_key,
    t.k AS k,
    t.key AS key,
    t.work_on AS work_on,
    t.changed_at AS changed_at,
    assumeNotNull(c.cap) AS cap,
    toDecimal128(round(assumeNotNull(t.rc) * t.hours, 4), 4) AS worth
  FROM priced_time AS t
  INNER JOIN base_project_contract AS p ON p.project_key = t.project_key
  INNER JOIN base_contract AS c ON c.key = p.contract_key
  WHERE t.role = 'psa' AND t.is_billable = 1 AND t.rc IS NOT NULL AND c.cap IS NOT NULL AND p.currency = c.currency
    AND t.project_key IN
    (
      SELECT base_project_contract.project_key
      FROM base_project_contract
      WHERE base_project_contract.contract_key IN (SELECT base_contract.key FROM base_contract WHERE base_contract.cap IS NOT NULL)
    )
)
