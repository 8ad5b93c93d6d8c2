-- integrity.notices: one row per vendor field that is gone, or that has held another kind of value since a moment
SELECT
  source_id,
  stream,
  field,
  kind,
  detail
FROM schema_notice FINAL
WHERE kind = 'missing' OR (kind = 'retyped' AND at > {since:DateTime64(3, 'UTC')})
ORDER BY
  source_id,
  stream,
  field
