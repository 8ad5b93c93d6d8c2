-- One row per billable time line that its contract's cap does not, or does only in part, leave room for, in either system: `within` is
-- what of its value still fits. Lines take up the cap in the order of work date, then key. Takes
-- the date up to which signatures count. Read once per round of runs, which keeps it in the table over_cap_time.
CREATE OR REPLACE VIEW over_cap_now AS
SELECT
  role,
  source_id,
  native_id,
  greatest(toDecimal128(0, 8), cap - before) AS within
FROM
(
  SELECT
    t.role AS role,
    t.source_id AS source_id,
    t.native_id AS native_id,
    toDecimal128(assumeNotNull(t.value), 8) AS worth,
    toDecimal128(assumeNotNull(c.cap), 8) AS cap,
    sum(worth) OVER (
      PARTITION BY t.role, c.contract_key
      ORDER BY t.work_on, t.key, t.source_id, t.native_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) - worth AS before
  FROM
  (
    SELECT *
    FROM rated_time(as_of = {as_of:Date})
    WHERE project_key IN (SELECT project_key FROM project_terms(as_of = {as_of:Date}) WHERE cap IS NOT NULL)
      -- no line is read but of contracts whose work may have reached the cap
      AND k IN
      (
        SELECT k
        FROM time_entry
        WHERE project_key IN
        (
          SELECT project_key
          FROM project_terms(as_of = {as_of:Date})
          WHERE contract_key IN
          (
            SELECT o.contract_key
            FROM project_terms(as_of = {as_of:Date}) AS o
            INNER JOIN most_worked(as_of = {as_of:Date}) AS w ON w.project_key = o.project_key
            WHERE o.cap IS NOT NULL
            GROUP BY o.contract_key
            HAVING sum(w.worth) > min(o.cap)
          )
        )
      )
      AND is_billable = 1
      AND value IS NOT NULL
  ) AS t
  INNER JOIN project_terms(as_of = {as_of:Date}) AS c ON c.project_key = t.project_key
)
WHERE worth > 0 AND before + worth > cap
