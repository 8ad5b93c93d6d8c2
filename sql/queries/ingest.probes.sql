-- The latest completeness probes of a stream, by day.
SELECT day, at, source_count, store_count
FROM probe FINAL
WHERE source_id = {source_id:String} AND stream = {stream:String} AND day >= {from_day:Date}
ORDER BY day
