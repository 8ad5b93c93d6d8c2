-- One row per billable item of a standing exception and of each of its symptoms, under the root of the case. An item that both name
-- comes twice: whoever sums counts it once. Blocking and whose work it is are the failing record's own; what it is counted under,
-- with rule, severity and age, is the root's. A symptom whose root was waived, or no longer stands, is left out.
CREATE OR REPLACE VIEW standing_item AS
SELECT
  i.item_key AS item_key,
  m.root_id AS exception_id,
  m.is_symptom AS is_symptom,
  m.root_rule AS rule,
  m.root_severity AS severity,
  m.root_opened_at AS opened_at,
  m.blocking AS blocking,
  m.project_key AS project_key,
  m.customer_key AS customer_key,
  m.legal_entity AS legal_entity,
  i.value AS value,
  i.at_stake AS at_stake,
  i.currency AS currency,
  i.value_reporting AS value_reporting,
  i.at_stake_reporting AS at_stake_reporting,
  i.is_unpriced AS is_unpriced
FROM exception_item AS i
INNER JOIN
(
  SELECT
    c.id AS id,
    c.root_id AS root_id,
    c.is_symptom AS is_symptom,
    c.blocking AS blocking,
    c.project_key AS project_key,
    c.customer_key AS customer_key,
    c.legal_entity AS legal_entity,
    c.evidence_at AS evidence_at,
    r.rule AS root_rule,
    r.severity AS root_severity,
    r.opened_at AS root_opened_at
  FROM case_member AS c
  INNER JOIN
  (
    SELECT
      id,
      rule,
      severity,
      opened_at
    FROM exception
    -- a cause that has failed only once does not stand yet; what was open before it still holds up its items
    WHERE status IN ('suspected', 'open', 'acknowledged', 'snoozed')
  ) AS r ON r.id = c.root_id
) AS m ON m.id = i.exception_id AND m.evidence_at = i.run_at
