-- Of some records of a stream stored before a moment, how many there are and how many carry a field.
SELECT count() AS records, countIf(JSONHas(payload, {field:String})) AS carrying
FROM
(
  SELECT payload
  FROM raw_record
  WHERE source_id = {source_id:String}
    AND stream = {stream:String}
    AND is_deleted = 0
    AND fetched_at >= {known_since:DateTime64(3, 'UTC')}
    AND fetched_at < {before:DateTime64(3, 'UTC')}
  LIMIT 10000
)
