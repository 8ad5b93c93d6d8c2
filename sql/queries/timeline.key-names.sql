-- timeline.key-names: one row per agreed key that stands for something with a name
SELECT
  key,
  argMax(called, (role = 'psa', version)) AS name
FROM
(
  SELECT key, name AS called, role, version FROM project FINAL WHERE key IN {keys:Array(String)}
  UNION ALL
  SELECT key, name AS called, role, version FROM task FINAL WHERE key IN {keys:Array(String)}
  UNION ALL
  SELECT key, name AS called, role, version FROM resource FINAL WHERE key IN {keys:Array(String)}
)
WHERE called != ''
GROUP BY key
