-- One row per approved billable item as the PSA holds it: a line of time, an expense, an accepted milestone, with what it is worth to
-- billing (see time_worth, priced_expense, priced_milestone) and what it cost, in its own and in the reporting currency; null where
-- there is no rate. `invoiced_by` says who knows which time has been invoiced. Keys are those of exception_item.
CREATE OR REPLACE VIEW billable_item AS
WITH
  item AS
  (
    SELECT
      key AS item_key,
      'time' AS kind,
      project_key,
      customer_key,
      currency,
      work_on AS on_date,
      toDecimal64(hours, 4) AS quantity,
      toDecimal64(round(value, 4), 4) AS worth,
      toDecimal64(round(cost_rate * hours, 4), 4) AS cost,
      cost_currency,
      (is_over_cap AND 1) AS is_over_cap,
      (is_invoiced = 1 OR ({invoiced_by:String} = 'erp' AND key IN
      (
        SELECT key
        FROM time_entry FINAL
        WHERE {invoiced_by:String} = 'erp' AND role = 'erp' AND is_deleted = 0 AND is_invoiced = 1
      ))) AS is_billed
    FROM time_worth(as_of = {as_of:Date})
    WHERE role = 'psa' AND is_billable = 1
    UNION ALL
    SELECT
      concat('expense:', key),
      'expense',
      project_key,
      customer_key,
      currency,
      work_on,
      toDecimal64(0, 4),
      CAST(value, 'Nullable(Decimal(18, 4))'),
      CAST(amount, 'Nullable(Decimal(18, 4))'),
      currency,
      0,
      is_invoiced = 1
    FROM priced_expense
    WHERE role = 'psa' AND is_billable = 1
    UNION ALL
    SELECT
      concat('milestone:', key),
      'milestone',
      project_key,
      customer_key,
      currency,
      work_on,
      toDecimal64(0, 4),
      CAST(value, 'Nullable(Decimal(18, 4))'),
      CAST(0, 'Nullable(Decimal(18, 4))'),
      currency,
      0,
      is_invoiced = 1
    FROM priced_milestone
    WHERE role = 'psa'
  )
SELECT
  i.item_key AS item_key,
  i.kind AS kind,
  i.project_key AS project_key,
  i.customer_key AS customer_key,
  p.contract_key AS contract_key,
  p.legal_entity AS legal_entity,
  i.currency AS currency,
  i.on_date AS on_date,
  i.quantity AS hours,
  i.worth AS value,
  if(f.rate = 0, NULL, toDecimal64(round(toDecimal128(i.worth, 4) * f.rate, 4), 4)) AS value_reporting,
  if(c.rate = 0, NULL, toDecimal64(round(toDecimal128(i.cost, 4) * c.rate, 4), 4)) AS cost_reporting,
  i.is_over_cap AS is_over_cap,
  i.is_billed AS is_invoiced
FROM item AS i
LEFT JOIN project_terms(as_of = {as_of:Date}) AS p ON p.project_key = i.project_key
LEFT JOIN fx_rate(as_of = {as_of:Date}, reporting = {reporting:String}) AS f ON f.currency = i.currency
LEFT JOIN fx_rate(as_of = {as_of:Date}, reporting = {reporting:String}) AS c ON c.currency = i.cost_currency
