-- sync-health.reject-counts: how many records of each stream could not be understood and still stand
SELECT
  source_id,
  stream,
  count() AS open
FROM reject FINAL
WHERE is_open = 1
GROUP BY source_id, stream
