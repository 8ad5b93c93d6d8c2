-- Every record of a stream that has an id of its own, and whether its newest version is a deletion.
SELECT native_id, argMax(is_deleted, (changed_at, fetched_at)) AS is_deleted
FROM raw_record
WHERE source_id = {source_id:String} AND stream = {stream:String} AND NOT startsWith(native_id, {keyless:String})
GROUP BY native_id
