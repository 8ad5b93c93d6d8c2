-- How many records are stored whose latest change fell on that day (UTC), deleted ones left out.
SELECT count() AS records
FROM
(
  SELECT max(changed_at) AS newest_at, argMax(is_deleted, (changed_at, fetched_at)) AS newest_is_deleted
  FROM raw_record
  WHERE source_id = {source_id:String} AND stream = {stream:String} AND NOT startsWith(native_id, {keyless:String})
  GROUP BY native_id
)
WHERE toDate(newest_at) = {day:Date} AND newest_is_deleted = 0
