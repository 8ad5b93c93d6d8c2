-- kpi.candidates: one row per invoice candidate, those held up first, then by value
SELECT
  c.customer_key AS customer_key,
  n.name AS customer_name,
  c.contract_key AS contract_key,
  k.number AS contract_number,
  c.legal_entity AS legal_entity,
  c.currency AS currency,
  c.cycle_on AS cycle_on,
  c.cutoff_on AS cutoff_on,
  c.items AS items,
  c.value AS value,
  c.value_reporting AS value_reporting,
  c.unpriced AS unpriced,
  c.blocked_items AS blocked_items,
  c.blocked_value AS blocked_value,
  c.blockers AS blockers,
  c.blocking_rules AS blocking_rules,
  c.status AS status
FROM invoice_candidate(as_of = {as_of:Date}, reporting = {reporting:String}, invoiced_by = {invoiced_by:String}, cutoff_day = {cutoff_day:UInt8}, commercial = {commercial:Array(String)}, blind = {blind:Array(String)}) AS c
LEFT JOIN (SELECT key, argMax(name, version) AS name FROM customer FINAL WHERE role = 'crm' AND is_deleted = 0 GROUP BY key) AS n ON n.key = c.customer_key
LEFT JOIN (SELECT key, argMax(number, version) AS number FROM contract FINAL WHERE role = 'crm' AND is_deleted = 0 GROUP BY key) AS k ON k.key = c.contract_key
ORDER BY
  c.status = 'blocked' DESC,
  c.status = 'unknown' DESC,
  c.blocked_value DESC,
  c.value_reporting DESC,
  c.customer_key,
  c.contract_key,
  c.legal_entity,
  c.currency,
  c.cycle_on
LIMIT {limit:UInt32}
