-- queue.totals: one row: the whole filter in figures, whatever page is shown
WITH
  chosen AS
  (
    SELECT
      id,
      severity,
      blocking,
      money_reporting,
      evidence_at
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
  ),
  held AS
  (
    SELECT
      i.item_key AS item_key,
      max(i.value_reporting) AS worth
    FROM exception_item AS i
    INNER JOIN
    (
      SELECT
        id,
        evidence_at
      FROM chosen
      WHERE blocking = 'hard'
      UNION ALL
      SELECT
        id,
        evidence_at
      FROM case_member
      WHERE is_symptom AND blocking = 'hard' AND root_id IN (SELECT id FROM chosen)
    ) AS c ON c.id = i.exception_id AND c.evidence_at = i.run_at
    GROUP BY i.item_key
  )
SELECT
  total,
  critical,
  claimed,
  unpriced,
  held_value,
  held_items
FROM
(
  SELECT
    count() AS total,
    countIf(severity = 1) AS critical,
    sum(ifNull(money_reporting, 0)) AS claimed,
    countIf(isNull(money_reporting)) AS unpriced
  FROM chosen
) AS counted
CROSS JOIN
(
  SELECT
    sum(worth) AS held_value,
    count() AS held_items
  FROM held
) AS blocked
