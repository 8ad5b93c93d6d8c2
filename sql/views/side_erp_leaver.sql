-- One row per person who has left by the ERP: nothing may be booked or worked any more. Takes the date of the run.
CREATE OR REPLACE VIEW side_erp_leaver AS
SELECT
  key,
  k,
  1 AS present,
  changed_at,
  source_id,
  native_id,
  toDecimal64(0, 4) AS bookings,
  toDecimal64(0, 4) AS late_lines,
  person_name,
  toString(last_on) AS last_on,
  '' AS project_key,
  '' AS customer_key,
  legal_entity,
  currency
FROM base_leaver(as_of = {as_of:Date})
