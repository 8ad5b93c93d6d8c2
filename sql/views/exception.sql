-- One row per exception: its current state, as it was last folded from its events (see `exception_fold`, which says what each
-- column means, and reconcile/exception-state.ts, which keeps the rows up with the events), and its place in the order of the
-- queue: what blocks first, then the most money weighed by severity, then the id. Who does not ask for the evidence does not read it.
-- What stands under a rule that runs in shadow has the status `shadow`: it is kept, and neither blocks nor counts (its symptoms: see
-- `case_member`). `raised_by` says why a severity is one higher than the rule's own (see `escalation`).
CREATE OR REPLACE VIEW exception AS
WITH
  (SELECT mapFromArrays(groupArray(toString(legal_entity)), groupArray(money)) FROM escalation FINAL) AS money_from,
  (SELECT max(opened_before) FROM escalation FINAL) AS opened_before,
  (SELECT max(is_cutoff_near) FROM escalation FINAL) AS is_cutoff_near
SELECT
  e.* EXCEPT (events, status, severity),
  if(e.status IN ('open', 'acknowledged', 'snoozed', 'waived') AND e.rule IN (SELECT rule FROM rule_state WHERE state = 'shadow'), 'shadow', toString(e.status)) AS status,
  if(mapContains(money_from, toString(e.legal_entity)), money_from[toString(e.legal_entity)], money_from['']) AS money_limit,
  if(e.severity = 1 OR e.status NOT IN ('open', 'acknowledged', 'snoozed'), CAST([] AS Array(String)), arrayFilter(why -> why != '', [
    if(money_limit > 0 AND ifNull(e.money_reporting, 0) >= money_limit, 'money', ''),
    if(e.opened_at < opened_before, 'age', ''),
    if(is_cutoff_near = 1 AND e.blocking != 'no', 'cutoff', '')
  ])) AS raised_by,
  toUInt8(e.severity - notEmpty(raised_by)) AS severity,
  toUInt8(e.blocking) AS place,
  ifNull(e.money_reporting, 0) * (5 - severity) AS weight
FROM exception_state AS e FINAL
