-- exceptions.items: one row per billable item of an exception as it stands, and the exception that is its primary blocker
SELECT
  i.item_key AS item_key,
  t.work_on AS work_on,
  t.resource_key AS resource_key,
  t.hours AS hours,
  i.value AS value,
  i.at_stake AS at_stake,
  i.currency AS currency,
  i.value_reporting AS value_reporting,
  i.at_stake_reporting AS at_stake_reporting,
  i.is_unpriced AS is_unpriced,
  b.exception_id AS blocked_by
FROM exception_item AS i
LEFT JOIN
(
  SELECT
    key,
    argMax(work_on, role = 'psa') AS work_on,
    argMax(resource_key, role = 'psa') AS resource_key,
    argMax(hours, role = 'psa') AS hours
  FROM time_entry FINAL
  WHERE role IN ('psa', 'erp') AND k IN (SELECT cityHash64(item_key) FROM exception_item WHERE exception_id = {id:String})
  GROUP BY key
  UNION ALL
  SELECT
    concat('expense:', expense.key) AS key,
    argMax(incurred_on, role = 'psa') AS work_on,
    argMax(resource_key, role = 'psa') AS resource_key,
    toDecimal32(0, 4) AS hours
  FROM expense FINAL
  WHERE role IN ('psa', 'erp') AND k IN (SELECT cityHash64(substring(item_key, 9)) FROM exception_item WHERE exception_id = {id:String} AND startsWith(item_key, 'expense:'))
  GROUP BY expense.key
  UNION ALL
  SELECT
    concat('milestone:', milestone.key) AS key,
    argMax(due_on, role = 'psa') AS work_on,
    '' AS resource_key,
    toDecimal32(0, 4) AS hours
  FROM milestone FINAL
  WHERE role IN ('psa', 'erp') AND k IN (SELECT cityHash64(substring(item_key, 11)) FROM exception_item WHERE exception_id = {id:String} AND startsWith(item_key, 'milestone:'))
  GROUP BY milestone.key
) AS t ON t.key = i.item_key
LEFT JOIN (SELECT item_key, exception_id FROM blocked_item) AS b ON b.item_key = i.item_key
WHERE i.exception_id = {id:String} AND i.run_at = (SELECT evidence_at FROM exception WHERE id = {id:String})
ORDER BY
  at_stake_reporting DESC,
  item_key
LIMIT {limit:UInt32}
