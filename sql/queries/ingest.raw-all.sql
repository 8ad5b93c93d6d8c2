-- The whole raw log of one stream, each record's versions in order.
SELECT native_id, raw_id, changed_at, is_deleted, sync_id, payload
FROM raw_record
WHERE source_id = {source_id:String} AND stream = {stream:String}
ORDER BY native_id, changed_at, fetched_at
