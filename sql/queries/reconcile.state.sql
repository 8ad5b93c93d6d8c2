-- reconcile.state: how the exceptions asked for stand, by their events: whoever decides on them must not decide on what is behind
SELECT
  id,
  -- what runs in shadow is nothing to decide about
  if(status IN ('open', 'acknowledged', 'snoozed', 'waived') AND rule IN (SELECT rule FROM rule_state WHERE state = 'shadow'), 'shadow', toString(status)) AS was,
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
  changed_at
FROM exception_fold
WHERE id IN {ids:Array(String)}
