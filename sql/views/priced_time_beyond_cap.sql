-- One row per approved, billable and priced line of time in the PSA under a contract whose cap its work may have reached, in the
-- contract's currency: what is worked under the contract up to it, in the order of days and then of keys, and how much of the line lies
-- beyond the cap.
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
    -- no line is read but of contracts whose work may have reached the cap
    AND t.k IN
    (
      SELECT k
      FROM time_entry
      WHERE role = 'psa' AND project_key IN
      (
        SELECT base_project_contract.project_key
        FROM base_project_contract
        WHERE base_project_contract.contract_key IN
        (
          SELECT r.key
          FROM base_contract AS r
          INNER JOIN base_project_contract AS rp ON rp.contract_key = r.key
          INNER JOIN most_worked(as_of = toDate('2149-06-06')) AS w ON w.project_key = rp.project_key
          WHERE r.cap IS NOT NULL
          GROUP BY r.key
          HAVING sum(w.worth) > min(r.cap)
        )
      )
    )
)
