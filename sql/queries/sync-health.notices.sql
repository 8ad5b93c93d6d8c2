-- sync-health.notices: one row per vendor field that appeared, vanished or changed its type
SELECT
  source_id,
  stream,
  field,
  kind,
  detail,
  at
FROM schema_notice FINAL
WHERE kind != 'known'
ORDER BY at DESC, source_id, stream, field
LIMIT 200
