-- Where this stream may be resumed from; no row when it never got that far.
SELECT value, stored_at
FROM bookmark
WHERE source_id = {source_id:String} AND stream = {stream:String}
ORDER BY stored_at DESC
LIMIT 1
