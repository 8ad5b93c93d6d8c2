-- One row per sale won within the last year, and what of its amount falls in the first 90 days of its contract; all of it where no
-- signed contract says how long that runs. Takes the date of the run.
CREATE OR REPLACE VIEW side_crm_won_sale AS
SELECT
  o.key AS key,
  o.k AS k,
  (o.is_deleted = 0 AND o.is_won = 1) AS present,
  o.changed_at AS changed_at,
  o.source_id AS source_id,
  o.native_id AS native_id,
  '' AS project_key,
  o.customer_key AS customer_key,
  c.legal_entity AS legal_entity,
  o.currency AS currency,
  o.name AS sale,
  o.contract_key AS contract_key,
  if(c.start_on = toDate('1970-01-01') OR c.ends_on < c.start_on, 90, dateDiff('day', c.start_on, c.ends_on) + 1) AS days,
  toDecimal64(round(toDecimal128(ifNull(o.amount, 0), 8) * least(90, days) / days, 4), 4) AS first_quarter
FROM opportunity AS o FINAL
LEFT JOIN base_contract AS c ON c.key = o.contract_key
WHERE o.role = 'crm' AND o.close_on > addDays({as_of:Date}, -365)
