-- sync-health.rejects: one row per record that could not be understood and still stands, newest first
SELECT
  source_id,
  stream,
  native_id,
  raw_id,
  at,
  reason,
  detail,
  payload,
  count() OVER () AS total
FROM reject FINAL
WHERE is_open = 1
  AND ({source_id:String} = '' OR source_id = {source_id:String})
  AND ({stream:String} = '' OR stream = {stream:String})
ORDER BY at DESC, source_id, stream, native_id
LIMIT {limit:UInt32}
