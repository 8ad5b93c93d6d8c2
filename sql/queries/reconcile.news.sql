-- reconcile.news: one row per verdict of a run that makes an event, with the finding behind it
SELECT
  v.exception_id AS exception_id,
  v.event AS event,
  v.rule AS rule,
  v.rule_version AS rule_version,
  v.comparison AS comparison,
  v.key AS key,
  v.field_group AS field_group,
  v.kind AS kind,
  v.fields AS fields,
  v.severity AS severity,
  v.blocking AS blocking,
  v.money AS money,
  v.currency AS currency,
  v.money_reporting AS money_reporting,
  v.unpriced AS unpriced,
  toUInt32(length(v.items)) AS items,
  v.project_key AS project_key,
  v.customer_key AS customer_key,
  v.legal_entity AS legal_entity,
  v.evidence_hash AS evidence_hash,
  v.detail AS detail,
  v.cause_id AS cause_id,
  f.l_source_id AS l_source_id,
  f.r_source_id AS r_source_id,
  f.l_native_ids AS l_native_ids,
  f.r_native_ids AS r_native_ids,
  f.l_changed_at AS l_changed_at,
  f.r_changed_at AS r_changed_at,
  f.l_rows AS l_rows,
  f.r_rows AS r_rows,
  f.l_values AS l_values,
  f.r_values AS r_values,
  f.carried AS carried,
  f.waiting AS waiting
FROM
(
  SELECT * EXCEPT (run_at)
  FROM verdict_event
  WHERE run_id = {run_id:String} AND event != ''
) AS v
LEFT JOIN
(
  SELECT *
  FROM finding
  WHERE comparison = {comparison:String} AND run_id = {run_id:String}
) AS f ON f.key = v.key
