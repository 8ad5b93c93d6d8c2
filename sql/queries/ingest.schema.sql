-- What is known about the fields of a stream.
SELECT field, kind, detail, at
FROM schema_notice FINAL
WHERE source_id = {source_id:String} AND stream = {stream:String}
