-- reconcile.probes: one row per recent closed day of a stream for which source and store count differently
SELECT
  source_id,
  stream,
  day,
  at,
  source_count,
  store_count
FROM probe FINAL
WHERE day >= {since:Date} AND source_count != store_count
ORDER BY
  source_id,
  stream,
  day
