-- What is stored of these records: every version, those that went all the way through (their sync came to its end, or is the one
-- asking), and the newest.
SELECT
  native_id,
  groupArray(raw_id) AS raw_ids,
  groupArrayIf(raw_id, sync_id = {sync_id:String} OR sync_id IN (
    SELECT sync_id FROM sync_event
    WHERE source_id = {source_id:String} AND stream = {stream:String} AND state = 'finished')) AS done_ids,
  max(changed_at) AS newest_at,
  argMax(raw_id, (changed_at, fetched_at)) AS newest_id,
  argMax(is_deleted, (changed_at, fetched_at)) AS newest_is_deleted,
  lower(hex(SHA256(argMax(payload, (changed_at, fetched_at))))) AS newest_hash
FROM raw_record
WHERE source_id = {source_id:String} AND stream = {stream:String} AND native_id IN {native_ids:Array(String)}
GROUP BY native_id
