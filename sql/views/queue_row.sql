-- One row per exception as the queue shows it: its state, its place in the order, and the names of its client and project.
-- Naming costs: choose the ids from `exception` first.
CREATE OR REPLACE VIEW queue_row AS
WITH
  client AS
  (
    SELECT
      key,
      argMax(name, (role = 'crm', version)) AS name
    FROM customer FINAL
    GROUP BY key
  ),
  engagement AS
  (
    SELECT
      key,
      argMax(name, (role = 'psa', version)) AS name,
      argMax(code, (role = 'psa', version)) AS code
    FROM project FINAL
    GROUP BY key
  )
SELECT
  e.id AS id,
  e.rule AS rule,
  e.comparison AS comparison,
  e.key AS key,
  e.field_group AS field_group,
  e.status AS status,
  e.kind AS kind,
  e.severity AS severity,
  e.blocking AS blocking,
  e.money AS money,
  e.currency AS currency,
  e.money_reporting AS money_reporting,
  e.project_key AS project_key,
  p.name AS project_name,
  p.code AS project_code,
  e.customer_key AS customer_key,
  c.name AS customer_name,
  e.legal_entity AS legal_entity,
  e.evidence AS evidence,
  e.evidence_at AS evidence_at,
  e.opened_at AS opened_at,
  e.last_seen_at AS last_seen_at,
  e.changed_at AS changed_at,
  e.assignee AS assignee,
  e.snoozed_until AS snoozed_until,
  e.waived_until AS waived_until,
  e.times_reopened AS times_reopened,
  e.place AS place,
  e.weight AS weight
FROM exception AS e
LEFT JOIN client AS c ON c.key = e.customer_key
LEFT JOIN engagement AS p ON p.key = e.project_key
