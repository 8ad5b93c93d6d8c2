-- reconcile.exchange-rates: one row per currency and first day, units of the reporting currency for one of it
SELECT
  currency,
  effective_from,
  rate
FROM exchange_rate FINAL
