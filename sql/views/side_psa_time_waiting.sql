-- One row per billable project in the PSA: the hours on it that have waited for approval for more than two working days. Takes the
-- date of the run.
CREATE OR REPLACE VIEW side_psa_time_waiting AS
SELECT
  p.key AS key,
  p.k AS k,
  (p.is_deleted = 0 AND p.is_billable = 1) AS present,
  greatest(p.changed_at, w.changed_at) AS changed_at,
  p.source_id AS source_id,
  p.native_id AS native_id,
  w.hours AS hours,
  p.key AS project_key,
  p.customer_key AS customer_key,
  p.legal_entity AS legal_entity,
  p.currency AS currency,
  p.name AS project_name,
  toString(w.people) AS people,
  toString(w.oldest_on) AS oldest_on,
  w.worth AS worth
FROM project AS p FINAL
LEFT JOIN waiting_time(as_of = {as_of:Date}) AS w ON w.project_key = p.key
WHERE p.role = 'psa'
