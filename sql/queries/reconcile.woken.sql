-- reconcile.woken: one row per exception whose snooze or waiver is over, or whose money has outgrown its waiver
SELECT
  id,
  status AS was,
  rule,
  rule_version,
  comparison,
  key,
  field_group,
  kind,
  severity,
  blocking,
  money,
  currency,
  money_reporting,
  project_key,
  customer_key,
  legal_entity,
  (status = 'waived' AND waived_until > {at:DateTime64(3, 'UTC')}) AS outgrown
FROM exception
WHERE (status = 'snoozed' AND snoozed_until <= {at:DateTime64(3, 'UTC')})
   OR (status = 'waived' AND (waived_until <= {at:DateTime64(3, 'UTC')} OR ifNull(money_reporting > waiver_cap, 0)))
