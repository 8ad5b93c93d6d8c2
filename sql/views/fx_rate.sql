-- One row per currency: units of the reporting currency for one unit of it on a day, the newest rate from that day or before. Takes
-- the day and the reporting currency, which is 1. A currency without a row has no rate: what is in it is unpriced.
CREATE OR REPLACE VIEW fx_rate AS
SELECT
  currency,
  argMax(rate, effective_from) AS rate
FROM exchange_rate FINAL
WHERE effective_from <= {as_of:Date} AND currency != {reporting:String}
GROUP BY currency
UNION ALL
SELECT
  {reporting:String} AS currency,
  toDecimal64(1, 8) AS rate
