-- kpi.rate-leakage: one row: approved billable time of a period, what it is billed at beside what the contract says, in the reporting
-- currency. Under and over are never set off against each other; both split by whether the line is on a released invoice. Within half
-- a cent the rates agree. Lines without a contract rate, without a rate to be billed at, or without an exchange rate are counted.
WITH
  line AS
  (
    SELECT
      c.hours AS hours,
      c.is_released AS is_released,
      isNull(c.rc) AS is_unrated,
      NOT is_unrated AND (isNull(c.r) OR f.rate = 0) AS is_uncompared,
      NOT is_unrated AND NOT is_uncompared AS is_compared,
      if(is_compared, assumeNotNull(c.rc) - assumeNotNull(c.r), toDecimal64(0, 4)) AS gap,
      if(abs(gap) <= toDecimal64('0.005', 4), toDecimal64(0, 4), toDecimal64(round(toDecimal128(gap, 4) * c.hours * f.rate, 4), 4)) AS lost,
      if(is_compared, toDecimal64(round(toDecimal128(ifNull(c.rc, 0), 4) * c.hours * f.rate, 4), 4), toDecimal64(0, 4)) AS expected
    FROM carried_rate(as_of = {as_of:Date}) AS c
    LEFT JOIN fx_rate(as_of = {as_of:Date}, reporting = {reporting:String}) AS f ON f.currency = c.currency
    WHERE c.work_on >= {from:Date} AND c.work_on <= {until:Date}
  )
SELECT
  count() AS lines,
  sumIf(lost, lost > 0) AS gross,
  sumIf(lost, lost > 0 AND is_released = 0) AS gross_pre,
  sumIf(lost, lost > 0 AND is_released = 1) AS gross_post,
  -sumIf(lost, lost < 0) AS over,
  -sumIf(lost, lost < 0 AND is_released = 0) AS over_pre,
  -sumIf(lost, lost < 0 AND is_released = 1) AS over_post,
  sum(lost) AS net,
  sum(expected) AS expected_value,
  if(expected_value = 0, NULL, toDecimal64(round(toDecimal128(gross, 8) * 100 / if(expected_value = 0, toDecimal128(1, 4), toDecimal128(expected_value, 4)), 2), 2)) AS share,
  countIf(is_unrated) AS unrated_lines,
  sumIf(hours, is_unrated) AS unrated_hours,
  countIf(is_uncompared) AS uncompared_lines
FROM line
