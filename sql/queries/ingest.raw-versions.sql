-- The newest few versions of these records, newest first.
SELECT native_id, raw_id, changed_at, is_deleted, payload
FROM raw_record
WHERE source_id = {source_id:String} AND stream = {stream:String} AND native_id IN {native_ids:Array(String)}
ORDER BY native_id, changed_at DESC, fetched_at DESC
LIMIT {newest:UInt32} BY native_id
