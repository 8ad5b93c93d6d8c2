-- pushes.project: the project one system holds for an agreed key, as text
SELECT
  native_id,
  toString(changed_at) AS changed_at,
  code,
  name,
  customer_key,
  legal_entity,
  currency,
  toString(start_on) AS start_on,
  toString(end_on) AS end_on
FROM project FINAL
WHERE role = {role:String}
  AND k = cityHash64({key:String})
  AND key = {key:String}
  AND is_deleted = 0
ORDER BY native_id
