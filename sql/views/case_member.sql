-- One row per exception that stands, and one per symptom, with the root of its case: of a symptom, what is reached by going from
-- cause to cause until something is no symptom itself; else the exception. The links followed are few: only symptoms that explain
-- others. As many steps as the catalogue has levels (customer, contract, project, resource, assignment, time, invoice).
CREATE OR REPLACE VIEW case_member AS
WITH
  symptom AS
  (
    SELECT *
    FROM exception
    -- what a rule in shadow says counts nowhere
    WHERE status = 'absorbed' AND rule NOT IN (SELECT rule FROM rule_state WHERE state = 'shadow')
  ),
  link AS
  (
    SELECT
      id,
      cause_id
    FROM exception
    WHERE status = 'absorbed' AND id IN (SELECT cause_id FROM exception WHERE status = 'absorbed')
  )
SELECT
  id,
  id AS root_id,
  0 AS is_symptom,
  rule,
  comparison,
  key,
  blocking,
  severity,
  money_reporting,
  project_key,
  customer_key,
  legal_entity,
  opened_at,
  evidence_at
FROM exception
WHERE status IN ('open', 'acknowledged', 'snoozed')
UNION ALL
SELECT
  s.id AS id,
  multiIf(
    l1.cause_id = '', s.cause_id,
    l2.cause_id = '', l1.cause_id,
    l3.cause_id = '', l2.cause_id,
    l4.cause_id = '', l3.cause_id,
    l5.cause_id = '', l4.cause_id,
    l5.cause_id
  ) AS root_id,
  1 AS is_symptom,
  s.rule AS rule,
  s.comparison AS comparison,
  s.key AS key,
  s.blocking AS blocking,
  s.severity AS severity,
  s.money_reporting AS money_reporting,
  s.project_key AS project_key,
  s.customer_key AS customer_key,
  s.legal_entity AS legal_entity,
  s.opened_at AS opened_at,
  s.evidence_at AS evidence_at
FROM symptom AS s
LEFT JOIN link AS l1 ON l1.id = s.cause_id
LEFT JOIN link AS l2 ON l2.id = l1.cause_id
LEFT JOIN link AS l3 ON l3.id = l2.cause_id
LEFT JOIN link AS l4 ON l4.id = l3.cause_id
LEFT JOIN link AS l5 ON l5.id = l4.cause_id
