-- Whether anything was ever read from this stream.
SELECT count() > 0 AS is_there
FROM (SELECT 1 FROM raw_record WHERE source_id = {source_id:String} AND stream = {stream:String} LIMIT 1)
