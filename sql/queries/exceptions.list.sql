-- exceptions.list: one row per exception of the filter, in the order of the queue: what blocks first, then money weighed by severity
SELECT
  id,
  rule,
  rule_version,
  comparison,
  key,
  field_group,
  status,
  kind,
  severity,
  blocking,
  money,
  currency,
  money_reporting,
  project_key,
  customer_key,
  legal_entity,
  opened_at,
  last_seen_at,
  changed_at,
  resolved_at,
  assignee,
  snoozed_until,
  waived_until,
  times_reopened,
  comments,
  -- its place in the order, for asking for what comes after it
  place AS rank,
  weight
FROM exception
WHERE status IN {statuses:Array(String)}
  AND (empty({rules:Array(String)}) OR rule IN {rules:Array(String)})
  AND (empty({severities:Array(UInt8)}) OR severity IN {severities:Array(UInt8)})
  AND ({blocking:String} = '' OR blocking = {blocking:String})
  AND ({project:String} = '' OR project_key = {project:String})
  AND ({customer:String} = '' OR customer_key = {customer:String})
  AND ({entity:String} = '' OR legal_entity = {entity:String})
  AND ({assignee:String} = '' OR assignee = if({assignee:String} = 'none', '', {assignee:String}))
  AND ({text:String} = '' OR positionCaseInsensitive(key, {text:String}) > 0)
  AND ({min_money:Decimal(18, 4)} = 0 OR ifNull(money_reporting, 0) >= {min_money:Decimal(18, 4)})
  AND (rank, -weight, id) > ({after_rank:UInt8}, -{after_weight:Decimal(38, 4)}, {after_id:String})
ORDER BY
  rank,
  weight DESC,
  id
LIMIT {limit:UInt32}
