-- people.find: one row per local account as it stands now
SELECT
  name,
  display_name,
  roles,
  password,
  epoch,
  is_active,
  at
FROM person FINAL
WHERE {name:String} = '' OR name = {name:String}
ORDER BY name
