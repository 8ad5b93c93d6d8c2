-- reconcile.newest-touch: one row per entity of which records were touched since a moment, and when last; and when exchange rates were set
SELECT
  what,
  max(moment) AS at
FROM
(
  SELECT
    toString(entity) AS what,
    seen_at AS moment
  FROM touched_key
  WHERE seen_at > {since:DateTime64(3, 'UTC')}
  UNION ALL
  SELECT
    'exchange_rate' AS what,
    at AS moment
  FROM exchange_rate
)
GROUP BY what
