-- Every agreed key these records of a source ever had, with the newest version they had it in.
SELECT native_id, key, max(version) AS newest_version, argMax(linked_at, (version, seen_at)) AS linked_since,
       max(seen_at) AS last_seen_at
FROM native_key
WHERE source_id = {source_id:String} AND entity = {entity:String} AND native_id IN {native_ids:Array(String)}
GROUP BY native_id, key
