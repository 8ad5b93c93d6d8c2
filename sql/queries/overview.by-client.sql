-- overview.by-client: one row per client with something open: how many, and what is held up, each billable item counted once
WITH
  worth AS
  (
    SELECT
      customer_key,
      sum(value_reporting) AS held
    FROM blocked_item
    WHERE blocking = 'hard'
    GROUP BY customer_key
  ),
  named AS
  (
    SELECT
      key,
      argMax(name, version) AS name
    FROM customer FINAL
    WHERE role = 'crm' AND is_deleted = 0
    GROUP BY key
  ),
  standing AS
  (
    SELECT
      customer_key,
      count() AS open,
      countIf(severity = 1) AS critical
    FROM exception
    WHERE status IN ('open', 'acknowledged', 'snoozed')
    GROUP BY customer_key
  )
SELECT
  if(s.customer_key != '', s.customer_key, w.customer_key) AS customer_key,
  n.name AS name,
  s.open AS open,
  s.critical AS critical,
  w.held AS held
FROM standing AS s
FULL JOIN worth AS w ON w.customer_key = s.customer_key
LEFT JOIN named AS n ON n.key = if(s.customer_key != '', s.customer_key, w.customer_key)
ORDER BY held DESC, open DESC, name
LIMIT {limit:UInt32}
