-- reconcile.state: how the exceptions asked for stand
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
  changed_at
FROM exception
WHERE id IN {ids:Array(String)}
