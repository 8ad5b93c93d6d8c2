-- simulation.verdicts: one row, what the rules said in a run whose verdicts made no events: how many, the money they claim, and with
-- every billable item counted once; and how that compares with what stands open
WITH
  said AS
  (
    SELECT
      exception_id,
      any(money_reporting) AS worth,
      any(absorbed_by) AS absorbed
    FROM verdict
    WHERE run_id = {run_id:String} AND rule = {rule:String}
    GROUP BY exception_id
  ),
  standing AS
  (
    SELECT id
    FROM exception
    WHERE rule = {rule:String} AND status IN ('open', 'acknowledged', 'snoozed', 'waived', 'shadow')
  )
SELECT
  countIf(absorbed = '') AS failures,
  countIf(absorbed != '') AS explained,
  sumIf(ifNull(worth, 0), absorbed = '') AS claimed,
  countIf(isNull(worth) AND absorbed = '') AS unpriced,
  countIf(absorbed = '' AND exception_id NOT IN (SELECT id FROM standing)) AS would_open,
  ifNull((SELECT count() FROM standing WHERE id NOT IN (SELECT exception_id FROM said)), 0) AS would_close
FROM said
