-- timeline.key-names: one row per agreed key that stands for something with a name
SELECT
  key,
  argMax(name, (role = 'psa', version)) AS name
FROM
(
  SELECT key, name, role, version FROM project FINAL WHERE key IN {keys:Array(String)}
  UNION ALL
  SELECT key, name, role, version FROM task FINAL WHERE key IN {keys:Array(String)}
  UNION ALL
  SELECT key, name, role, version FROM resource FINAL WHERE key IN {keys:Array(String)}
)
WHERE name != ''
GROUP BY key
