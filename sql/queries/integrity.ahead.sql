-- integrity.ahead: one row per stream whose newest versions of records are dated later than they were read, by more than allowed
SELECT
  source_id,
  stream,
  count() AS records,
  toUInt64(max(ahead_ms)) AS most_ms,
  arraySlice(arraySort(groupArray(native_id)), 1, 20) AS native_ids
FROM
(
  SELECT
    source_id,
    stream,
    native_id,
    argMax(dateDiff('millisecond', fetched_at, changed_at), fetched_at) AS ahead_ms
  FROM raw_record
  WHERE (source_id, stream, native_id) IN
  (
    SELECT source_id, stream, native_id
    FROM raw_record
    WHERE dateDiff('millisecond', fetched_at, changed_at) > transform(source_id, {sources:Array(String)}, {skews_ms:Array(Int64)}, toInt64(300000))
  )
  GROUP BY
    source_id,
    stream,
    native_id
)
WHERE ahead_ms > transform(source_id, {sources:Array(String)}, {skews_ms:Array(Int64)}, toInt64(300000))
GROUP BY
  source_id,
  stream
ORDER BY
  source_id,
  stream
