-- reconcile.missed: one row, the keys whose standing finding a full run contradicts although nothing touched them since
SELECT uniqExact(key) AS keys
FROM
(
  SELECT
    key,
    k
  FROM finding
  WHERE comparison = {comparison:String} AND run_id = {run_id:String} AND kind NOT IN ('match', 'pending')
    AND key NOT IN (SELECT key FROM finding_current WHERE comparison = {comparison:String})
  UNION ALL
  SELECT
    key,
    k
  FROM finding_current
  WHERE comparison = {comparison:String} AND kind != 'pending'
    AND key NOT IN (SELECT key FROM finding WHERE comparison = {comparison:String} AND run_id = {run_id:String} AND kind != 'match')
)
WHERE k NOT IN (SELECT k FROM touched_key WHERE entity = {entity:String} AND seen_at > {seen_from:DateTime64(3, 'UTC')})
