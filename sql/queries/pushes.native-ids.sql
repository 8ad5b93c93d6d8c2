-- pushes.native-ids: the id one system uses for each agreed key of one entity
SELECT
  key,
  native_id,
  source_id
FROM native_link
WHERE entity = {entity:String}
  AND role = {role:String}
  AND key IN {keys:Array(String)}
ORDER BY key, native_id
