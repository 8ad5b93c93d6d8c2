-- exceptions.totals: one row over the whole filter: how many, what they put at stake, and what of it holds up billable items,
-- each item counted once under its primary blocker
WITH
  chosen AS
  (
    SELECT
      id,
      money_reporting,
      severity,
      blocking,
      assignee
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
  ),
  standing AS
  (
    SELECT
      count() AS exceptions,
      countIf(severity = 1) AS critical,
      countIf(blocking = 'hard') AS blocking_exceptions,
      countIf(assignee = '') AS unassigned,
      sum(ifNull(money_reporting, 0)) AS money,
      countIf(isNull(money_reporting)) AS without_money
    FROM chosen
  ),
  held AS
  (
    SELECT
      sum(value_reporting) AS blocked,
      count() AS blocked_items
    FROM blocked_item
    WHERE exception_id IN (SELECT id FROM chosen)
  )
SELECT
  standing.exceptions AS exceptions,
  standing.critical AS critical,
  standing.blocking_exceptions AS blocking_exceptions,
  standing.unassigned AS unassigned,
  standing.money AS money,
  standing.without_money AS without_money,
  held.blocked AS blocked,
  held.blocked_items AS blocked_items
FROM standing
CROSS JOIN held
