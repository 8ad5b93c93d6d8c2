-- reconcile.newest-touch: one row per entity of which records were touched since a moment, and when last; when exchange rates
-- were set, and when lines beyond a cap were last found to be others
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
  UNION ALL
  SELECT
    'over_cap_time' AS what,
    at AS moment
  FROM over_cap_time
)
GROUP BY what
