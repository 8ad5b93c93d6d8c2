-- reconcile.gone: one row per exception of the rules given that a conclusive run looked for and did not find failing any more.
-- What is merely waiting to settle has not gone. `scope` is `all`, or `touched` for the keys the run looked at; rules about a whole
-- side or stream are always looked for.
SELECT
  e.id AS id,
  e.status AS was,
  e.rule AS rule,
  e.rule_version AS rule_version,
  e.comparison AS comparison,
  e.key AS key,
  e.field_group AS field_group,
  e.kind AS kind,
  e.severity AS severity,
  e.blocking AS blocking,
  e.money AS money,
  e.currency AS currency,
  e.money_reporting AS money_reporting,
  e.project_key AS project_key,
  e.customer_key AS customer_key,
  e.legal_entity AS legal_entity
FROM exception AS e
LEFT JOIN
(
  SELECT
    key,
    settling,
    waiting
  FROM finding
  WHERE comparison = {comparison:String} AND run_id = {run_id:String} AND (kind = 'pending' OR notEmpty(waiting))
) AS f ON f.key = e.key
WHERE e.comparison = {comparison:String}
  AND e.status IN ('suspected', 'open', 'acknowledged', 'snoozed', 'waived')
  AND e.id NOT IN (SELECT exception_id FROM verdict WHERE run_id = {run_id:String})
  AND NOT (f.key != '' AND f.settling = e.kind
    AND (f.settling != 'mismatch' OR e.field_group = '' OR hasAny(splitByChar('+', toString(e.field_group)), f.waiting)))
  AND (e.rule IN {whole:Array(String)} OR (e.rule IN {rules:Array(String)} AND
    ({scope:String} = 'all' OR cityHash64(e.key) IN (SELECT arrayJoin(ks) FROM find_step WHERE run_id = {run_id:String}))))
