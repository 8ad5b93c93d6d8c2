-- One row per signed contract with a value that has not ended, and what of the value falls in the next 60 days when it is spread evenly
-- over the contract's days; all of it where a date is missing. Takes the date of the run.
CREATE OR REPLACE VIEW side_crm_signed_contract AS
SELECT
  key,
  k,
  1 AS present,
  changed_at,
  source_id,
  native_id,
  '' AS project_key,
  customer_key,
  legal_entity,
  currency,
  number,
  greatest(start_on, addDays({as_of:Date}, 1)) AS due_from,
  least(ends_on, addDays({as_of:Date}, 60)) AS due_to,
  if(
    start_on = toDate('1970-01-01') OR ends_on = toDate('1970-01-01'),
    toDecimal64(assumeNotNull(total_value), 4),
    toDecimal64(round(toDecimal128(assumeNotNull(total_value), 8) * greatest(0, dateDiff('day', due_from, due_to) + 1) / greatest(1, dateDiff('day', start_on, ends_on) + 1), 4), 4)
  ) AS due
FROM base_contract
WHERE total_value > 0 AND (ends_on = toDate('1970-01-01') OR ends_on >= {as_of:Date})
