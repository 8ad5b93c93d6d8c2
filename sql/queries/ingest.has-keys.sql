-- Whether a source has any record of this entity yet.
SELECT count() > 0 AS is_there
FROM (SELECT 1 FROM native_key WHERE source_id = {source_id:String} AND entity = {entity:String} LIMIT 1)
