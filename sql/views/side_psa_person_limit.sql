-- One row per person with active assignments in the next 30 days: the most of their time that may be booked on a day, in percent. Takes the date of the run.
CREATE OR REPLACE VIEW side_psa_person_limit AS
SELECT
  key,
  k,
  1 AS present,
  changed_at,
  source_id,
  native_id,
  toDecimal64(110, 4) AS peak_pct,
  days,
  cost_over,
  person_name,
  '' AS project_key,
  '' AS customer_key,
  legal_entity,
  currency
FROM base_person_load(as_of = {as_of:Date})
