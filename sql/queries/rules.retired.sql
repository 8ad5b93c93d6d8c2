-- rules.retired: one row per exception that stands although its rule is retired
SELECT
  id,
  -- a symptom that never opened leaves without having been resolved
  if(status = 'absorbed' AND last_opened_at = toDateTime64(0, 3, 'UTC'), 'suspected', status) AS was,
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
  legal_entity
FROM exception
WHERE status IN ('suspected', 'open', 'acknowledged', 'snoozed', 'waived', 'absorbed')
  AND rule IN (SELECT rule FROM rule_state WHERE state = 'retired')
