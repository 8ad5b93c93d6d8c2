-- overview.posting-latency: one row: how long approved time took to reach the ERP, from the last approval before it was posted
WITH
  approval AS
  (
    SELECT
      -- a PSA may approve a week at once: the part before the date names what was approved
      splitByChar('_', native_id)[1] AS sheet,
      changed_at AS approved_at
    FROM change_event FINAL
    WHERE role = 'psa' AND entity = 'time_entry' AND field = 'status' AND lower(new_value) = 'approved'
  ),
  posted AS
  (
    SELECT
      splitByChar('_', key)[1] AS sheet,
      recorded_at
    FROM time_entry FINAL
    WHERE role = 'erp' AND is_deleted = 0 AND recorded_at >= {from:DateTime64(3, 'UTC')}
  ),
  timed AS
  (
    SELECT dateDiff('second', a.approved_at, p.recorded_at) AS seconds
    FROM posted AS p
    ASOF INNER JOIN approval AS a ON a.sheet = p.sheet AND a.approved_at <= p.recorded_at
  )
SELECT
  count() AS lines,
  toUInt64(ifNotFinite(quantileExact(0.5)(seconds), 0)) AS p50_s,
  toUInt64(ifNotFinite(quantileExact(0.95)(seconds), 0)) AS p95_s,
  ifNull((SELECT count() FROM posted), 0) AS posted
FROM timed
