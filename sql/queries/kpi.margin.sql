-- kpi.margin: one row per component of the margin integrity score: of a period's delivered work, the items there are and those that
-- could be valued, their value (for cost: what they cost), and the part that fails at least one standing exception of the component's
-- rules, with waived exceptions (`failing_raw`) and without (`failing`). An exception of the project component fails its project's work.
WITH
  standing AS
  (
    SELECT
      id,
      evidence_at,
      project_key,
      status = 'waived' AS is_waived,
      multiIf(
        has({rate_rules:Array(String)}, rule), 'rate',
        has({time_rules:Array(String)}, rule), 'time',
        has({cost_rules:Array(String)}, rule), 'cost',
        has({billing_rules:Array(String)}, rule), 'billing',
        has({project_rules:Array(String)}, rule), 'project',
        ''
      ) AS component
    FROM exception
    WHERE status IN ('open', 'acknowledged', 'snoozed', 'absorbed', 'waived') AND component != ''
      AND (status != 'absorbed' OR rule NOT IN (SELECT rule FROM rule_state WHERE state = 'shadow'))
  ),
  failing_item AS
  (
    SELECT
      i.item_key AS item_key,
      groupUniqArray(e.component) AS raw,
      groupUniqArrayIf(e.component, NOT e.is_waived) AS accepted
    FROM exception_item AS i
    INNER JOIN standing AS e ON e.id = i.exception_id AND e.evidence_at = i.run_at
    GROUP BY i.item_key
  ),
  failing_project AS
  (
    SELECT
      project_key,
      ['project'] AS raw,
      if(min(is_waived) = 0, ['project'], []) AS accepted
    FROM standing
    WHERE component = 'project' AND project_key != ''
    GROUP BY project_key
  ),
  item AS
  (
    SELECT
      b.kind AS kind,
      b.value_reporting AS value,
      b.cost_reporting AS cost,
      arrayConcat(f.raw, p.raw) AS raw,
      arrayConcat(f.accepted, p.accepted) AS accepted,
      multiIf(b.kind = 'time', ['rate', 'time', 'cost', 'billing', 'project'], b.kind = 'expense', ['cost', 'billing', 'project'], ['billing', 'project']) AS components
    FROM billable_item(as_of = {as_of:Date}, reporting = {reporting:String}, invoiced_by = {invoiced_by:String}) AS b
    LEFT JOIN failing_item AS f ON f.item_key = b.item_key
    LEFT JOIN failing_project AS p ON p.project_key = b.project_key
    WHERE b.on_date >= {from:Date} AND b.on_date <= {until:Date} AND b.is_over_cap = 0
  )
SELECT
  component,
  count() AS items,
  countIf(isNotNull(worth)) AS valued,
  sum(ifNull(worth, toDecimal64(0, 4))) AS evaluated,
  sumIf(ifNull(worth, toDecimal64(0, 4)), has(raw, component)) AS failing_raw,
  sumIf(ifNull(worth, toDecimal64(0, 4)), has(accepted, component)) AS failing
FROM
(
  SELECT
    arrayJoin(components) AS component,
    if(component = 'cost', cost, value) AS worth,
    raw,
    accepted
  FROM item
)
GROUP BY component
ORDER BY component
