-- overview.posting-latency: one row: how long approved time took to reach the ERP, from the last approval before it was posted.
-- Where the PSA's log tells of no approval, from when the PSA first held the line: it was approved then or later, so that it took
-- at most that long. `upper_bounds` of the lines are such.
WITH
  approval AS
  (
    SELECT
      -- a PSA may approve a week at once: the part before the date names what was approved
      splitByChar('_', native_id)[1] AS sheet,
      groupArray(changed_at) AS times
    FROM change_event FINAL
    WHERE role = 'psa' AND entity = 'time_entry' AND field = 'status' AND lower(new_value) = 'approved'
    GROUP BY sheet
  ),
  posted AS
  (
    SELECT
      k,
      splitByChar('_', key)[1] AS sheet,
      recorded_at
    FROM time_entry FINAL
    WHERE role = 'erp' AND is_deleted = 0 AND recorded_at >= {from:DateTime64(3, 'UTC')}
  ),
  held AS
  (
    SELECT
      k,
      min(recorded_at) AS first_at
    FROM time_entry FINAL
    WHERE role = 'psa' AND is_deleted = 0 AND is_approved = 1
      AND k IN (SELECT k FROM posted WHERE sheet NOT IN (SELECT sheet FROM approval))
    GROUP BY k
  ),
  timed AS
  (
    SELECT
      notEmpty(a.times) AS is_told,
      -- 1970 where there is none
      if(is_told, arrayMax(arrayPushBack(arrayFilter(t -> t <= p.recorded_at, a.times), toDateTime64(0, 3, 'UTC'))), h.first_at) AS began_at,
      began_at > toDateTime64(0, 3, 'UTC') AND began_at <= p.recorded_at AS is_timed,
      dateDiff('second', began_at, p.recorded_at) AS seconds
    FROM posted AS p
    LEFT JOIN approval AS a ON a.sheet = p.sheet
    LEFT JOIN held AS h ON h.k = p.k
  )
SELECT
  countIf(is_timed) AS lines,
  countIf(is_timed AND NOT is_told) AS upper_bounds,
  toUInt64(ifNotFinite(quantileExactIf(0.5)(seconds, is_timed), 0)) AS p50_s,
  toUInt64(ifNotFinite(quantileExactIf(0.95)(seconds, is_timed), 0)) AS p95_s,
  count() AS posted
FROM timed
