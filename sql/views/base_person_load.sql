-- One row per person with active assignments on a weekday of the next 30 days: the highest sum of their shares on one day, the days
-- on which it is over 110 percent, and what the time over 100 percent on those days costs. Takes the date of the run.
CREATE OR REPLACE VIEW base_person_load AS
SELECT
  d.resource_key AS key,
  cityHash64(key) AS k,
  max(d.changed_at) AS changed_at,
  any(p.source_id) AS source_id,
  any(p.native_id) AS native_id,
  max(d.total) AS peak_pct,
  arrayStringConcat(arrayMap(x -> toString(x), arraySort(groupArrayIf(d.day, d.total > 110))), ',') AS days,
  toDecimal128(sumIf(d.total - 100, d.total > 110), 4) * 8 / 100 AS hours_over,
  any(p.cost_rate) AS cost_rate,
  if(isNull(cost_rate), '', toString(round(hours_over * assumeNotNull(cost_rate), 4))) AS cost_over,
  any(p.name) AS person_name,
  any(p.legal_entity) AS legal_entity,
  any(p.currency) AS currency
FROM
(
  SELECT
    resource_key,
    day,
    sum(allocation_pct) AS total,
    max(changed_at) AS changed_at
  FROM
  (
    SELECT
      resource_key,
      allocation_pct,
      changed_at,
      arrayJoin(arrayFilter(x -> (toDayOfWeek(x) < 6) AND (start_on <= x) AND (x <= end_on), arrayMap(n -> addDays({as_of:Date}, n), range(1, 31)))) AS day
    FROM assignment FINAL
    WHERE role = 'psa' AND is_deleted = 0 AND is_active = 1 AND end_on > {as_of:Date} AND start_on <= addDays({as_of:Date}, 30)
  )
  GROUP BY resource_key, day
) AS d
INNER JOIN
(
  SELECT
    key,
    argMax(r.source_id, version) AS source_id,
    argMax(r.native_id, version) AS native_id,
    argMax(r.name, version) AS name,
    argMax(r.cost_rate, version) AS cost_rate,
    argMax(r.legal_entity, version) AS legal_entity,
    argMax(r.currency, version) AS currency
  FROM resource AS r FINAL
  WHERE role = 'psa' AND is_deleted = 0
  GROUP BY key
) AS p ON p.key = d.resource_key
GROUP BY d.resource_key
