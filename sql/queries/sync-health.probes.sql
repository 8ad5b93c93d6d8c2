-- sync-health.probes: one row per stream: its closed days counted in the source and in the store, and the newest day that differs
SELECT
  source_id,
  stream,
  count() AS days,
  countIf(source_count != store_count) AS days_different,
  sum(source_count) AS in_source,
  sum(store_count) AS in_store,
  max(at) AS probed_at,
  maxIf(day, source_count != store_count) AS different_on
FROM probe FINAL
WHERE day >= {from:Date}
GROUP BY source_id, stream
ORDER BY source_id, stream
