-- queue.list: one row per exception of the filter, a page of them, from after a place in the order. The page is chosen by what is
-- short; names and evidence are read for its rows alone.
SELECT
  id,
  rule,
  comparison,
  key,
  status,
  kind,
  severity,
  blocking,
  money,
  currency,
  money_reporting,
  project_key,
  project_name,
  project_code,
  customer_key,
  customer_name,
  legal_entity,
  evidence,
  opened_at,
  last_seen_at,
  assignee,
  snoozed_until,
  waived_until,
  times_reopened,
  place,
  weight
FROM queue_row
WHERE id IN
(
  SELECT id
  FROM exception
  WHERE status IN {statuses:Array(String)}
    AND (empty({rules:Array(String)}) OR rule IN {rules:Array(String)})
    AND (empty({severities:Array(UInt8)}) OR severity IN {severities:Array(UInt8)})
    AND ({blocking:String} = '' OR blocking = {blocking:String})
    AND ({client:String} = '' OR customer_key = {client:String})
    AND ({project:String} = '' OR project_key = {project:String})
    AND ({entity:String} = '' OR legal_entity = {entity:String})
    AND ({owner:String} = '' OR assignee = if({owner:String} = 'none', '', {owner:String}))
    AND ({min:String} = '' OR money_reporting >= toDecimal64OrZero({min:String}, 4))
    AND ({ends_before:DateTime64(3, 'UTC')} = toDateTime64(0, 3, 'UTC') OR waived_until <= {ends_before:DateTime64(3, 'UTC')})
    AND ({text:String} = '' OR id IN
    (
      SELECT id
      FROM queue_row
      WHERE positionCaseInsensitiveUTF8(concat(key, ' ', customer_name, ' ', project_name, ' ', project_code, ' ', rule, ' ', id, ' ', evidence), {text:String}) > 0
    ))
    AND (place, -weight, id) > ({after_place:UInt8}, -{after_weight:Decimal(38, 4)}, {after_id:String})
  ORDER BY place, weight DESC, id
  LIMIT {limit:UInt32}
)
ORDER BY place, weight DESC, id
