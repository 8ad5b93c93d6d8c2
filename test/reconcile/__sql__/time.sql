SELECT
  countIf(side = 'L') AS left_rows,
  countIf(side = 'R') AS right_rows,
  uniqExact(key) AS keys
FROM
(
  SELECT 'L' AS side, key FROM side_psa_time WHERE present
  UNION ALL
  SELECT 'R' AS side, key FROM side_erp_time WHERE present
);

INSERT INTO find_step (run_id, step, run_at, keys, rows, ks)
SELECT
  {run_id:String},
  'left',
  {run_at:DateTime64(3, 'UTC')},
  count(),
  sum(n),
  groupArrayIf(k, n > 1)
FROM
(
  SELECT
    k,
    count() AS n
  FROM side_psa_time
  WHERE present
  GROUP BY k
)
SETTINGS optimize_aggregation_in_order = 1;

INSERT INTO find_step (run_id, step, run_at, keys, rows, ks)
SELECT
  {run_id:String},
  'right',
  {run_at:DateTime64(3, 'UTC')},
  count(),
  sum(n),
  groupArrayIf(k, n > 1)
FROM
(
  SELECT
    k,
    count() AS n
  FROM side_erp_time
  WHERE present
  GROUP BY k
)
SETTINGS optimize_aggregation_in_order = 1;

INSERT INTO find_step (run_id, step, run_at, keys, rows, ks)
SELECT
  {run_id:String},
  'join',
  {run_at:DateTime64(3, 'UTC')},
  countIf(l.row_hash = r.row_hash AND l.here = r.here),
  count(),
  groupArrayIf(if(l.here = 1, l.k, r.k), l.row_hash != r.row_hash OR l.here != r.here)
FROM (
  SELECT
    k,
    row_hash,
    1 AS here
  FROM side_psa_time
  WHERE present
) AS l
FULL JOIN (
  SELECT
    k,
    row_hash,
    1 AS here
  FROM side_erp_time
  WHERE present
) AS r ON l.k = r.k
SETTINGS join_algorithm = 'full_sorting_merge';

INSERT INTO find_step (run_id, step, run_at, keys, rows, ks)
SELECT
  {run_id:String},
  'touched',
  {run_at:DateTime64(3, 'UTC')},
  uniqExact(k),
  count(),
  groupUniqArray(k)
FROM
(
  SELECT k
  FROM touched_key
  WHERE entity = {entity:String} AND seen_at > {seen_from:DateTime64(3, 'UTC')}
  UNION ALL
  SELECT k
  FROM finding_current
  WHERE comparison = {comparison:String}
    AND (kind IN ('pending', 'unlinked') OR notEmpty(waiting) OR key NOT IN
    (
      SELECT key
      FROM exception
      WHERE comparison = {comparison:String} AND status IN ('open', 'acknowledged', 'snoozed', 'waived', 'absorbed', 'shadow')
    ))
  UNION ALL
  SELECT f.k AS k
  FROM
  (
    SELECT *
    FROM finding_current
    WHERE comparison = 'time' AND kind IN ('missing_right')
  ) AS f
  INNER JOIN
  (
    SELECT
      key,
      status,
      cause_id
    FROM exception
    WHERE comparison = 'time' AND rule = 'TIM-01' AND field_group = ''
      AND status IN ('open', 'acknowledged', 'snoozed', 'absorbed', 'shadow')
  ) AS e ON e.key = f.key
  LEFT JOIN base_project AS p ON p.key = f.project_key
  WHERE multiIf(f.project_key IN (SELECT key FROM finding_current WHERE comparison = 'projects' AND kind IN ('missing_right')), substring(lower(hex(SHA256(concat('9:exception6:PRJ-018:projects', toString(length(f.project_key)), ':', f.project_key, '0:')))), 1, 32), f.carried['task_key'] IN (SELECT key FROM finding_current WHERE comparison = 'tasks' AND kind IN ('missing_right')), substring(lower(hex(SHA256(concat('9:exception6:TSK-015:tasks', toString(length(f.carried['task_key'])), ':', f.carried['task_key'], '0:')))), 1, 32), '') != e.cause_id
);

INSERT INTO finding (run_id, run_at, comparison, k, key, kind, settling, differing, waiting, l_rows, r_rows, l_source_id, r_source_id, l_native_ids, r_native_ids, l_changed_at, r_changed_at, l_values, r_values, carried, project_key, customer_key, legal_entity, currency)
WITH
  stacked AS
  (
    SELECT
      'L' AS side,
      key,
      k,
      present AS in_l,
      0 AS in_r,
      changed_at,
      source_id,
      native_id,
      hours,
      work_on,
      project_key,
      resource_key,
      task_key,
      is_billable,
      customer_key,
      legal_entity,
      currency,
      assignment_key,
      status
    FROM side_psa_time
    UNION ALL
    SELECT
      'R' AS side,
      key,
      k,
      0 AS in_l,
      present AS in_r,
      changed_at,
      source_id,
      native_id,
      hours,
      work_on,
      project_key,
      resource_key,
      task_key,
      is_billable,
      customer_key,
      legal_entity,
      currency,
      assignment_key,
      status
    FROM side_erp_time
  ),
  grouped AS
  (
    SELECT
    key,
    min(k) AS hashed,
    countIf(in_l) AS l_rows,
    countIf(in_r) AS r_rows,
    arraySort(groupUniqArrayIf(native_id, in_l)) AS l_present_ids,
    arraySort(groupUniqArrayIf(native_id, side = 'L')) AS l_all_ids,
    minIf(source_id, side = 'L') AS l_source_id,
    maxIf(changed_at, side = 'L') AS l_changed_at,
    arraySort(groupUniqArrayIf(native_id, in_r)) AS r_present_ids,
    arraySort(groupUniqArrayIf(native_id, side = 'R')) AS r_all_ids,
    minIf(source_id, side = 'R') AS r_source_id,
    maxIf(changed_at, side = 'R') AS r_changed_at,
    sumIf(hours, in_l) AS l_hours,
    sumIf(hours, in_r) AS r_hours,
    minIf(work_on, in_l) AS l_work_on,
    minIf(work_on, in_r) AS r_work_on,
    minIf(project_key, in_l) AS l_project_key,
    minIf(project_key, in_r) AS r_project_key,
    minIf(resource_key, in_l) AS l_resource_key,
    minIf(resource_key, in_r) AS r_resource_key,
    minIf(task_key, in_l) AS l_task_key,
    minIf(task_key, in_r) AS r_task_key,
    minIf(is_billable, in_l) AS l_is_billable,
    minIf(is_billable, in_r) AS r_is_billable,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(is_billable), in_l), minIf(toString(is_billable), in_r)) AS c_is_billable,
    if(countIf(in_l) > 0, minIf(toString(assignment_key), in_l), minIf(toString(assignment_key), in_r)) AS c_assignment_key,
    if(countIf(in_l) > 0, minIf(toString(task_key), in_l), minIf(toString(task_key), in_r)) AS c_task_key,
    if(countIf(in_l) > 0, minIf(toString(status), in_l), minIf(toString(status), in_r)) AS c_status
    FROM stacked
    GROUP BY key
    HAVING l_rows + r_rows > 0
  ),
  -- one step each: an expression is worked out anew wherever a name of the same step stands for it
  weighed AS
  (
    SELECT
      *,
      dateDiff('millisecond', greatest(l_changed_at, r_changed_at), {settled_at:DateTime64(3, 'UTC')}) AS quiet_ms,
      l_rows = 1 AND r_rows = 1 AS is_pair,
      NOT startsWith(key, 'unlinked:') AS is_linked,
      ['hours', 'work_on', 'project_key', 'resource_key', 'task_key', 'is_billable'] AS names,
      [14400000, 14400000, 14400000, 14400000, 14400000, 14400000] AS settles,
      [abs(l_hours - r_hours) > toDecimal64('0.01', 4), abs(dateDiff('day', l_work_on, r_work_on)) > 0, l_project_key != r_project_key, l_resource_key != r_resource_key, l_task_key != r_task_key, l_is_billable != r_is_billable] AS apart
    FROM grouped
  ),
  differed AS
  (
    SELECT
      *,
      arrayMap(d -> is_pair AND d, apart) AS differ
    FROM weighed
  ),
  settled AS
  (
    SELECT
      *,
      arrayFilter((name, d, settle) -> d AND is_linked AND quiet_ms >= settle, names, differ, settles) AS differing,
      arrayFilter((name, d, settle) -> d AND is_linked AND quiet_ms < settle, names, differ, settles) AS waiting,
      multiIf(
        l_rows + r_rows = 0 OR (is_pair AND NOT arrayExists(d -> d, differ)), 'match',
        NOT is_linked, 'unlinked',
        l_rows > 1 OR r_rows > 1, 'duplicate_key',
        r_rows = 0, 'missing_right',
        l_rows = 0, 'missing_left',
        'mismatch'
      ) AS settling
    FROM differed
  ),
  compared AS
  (
    SELECT
      *,
      multiIf(
        settling = 'match', 'match',
        settling = 'mismatch', if(notEmpty(differing), 'mismatch', 'pending'),
        quiet_ms < multiIf(settling = 'unlinked', 3600000, settling = 'duplicate_key', 3600000, settling = 'missing_left', 3600000, settling = 'missing_right', 14400000, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  'time',
  hashed,
  key,
  kind,
  settling,
  differing,
  waiting,
  l_rows,
  r_rows,
  l_source_id,
  r_source_id,
  if(notEmpty(l_present_ids), l_present_ids, l_all_ids),
  if(notEmpty(r_present_ids), r_present_ids, r_all_ids),
  l_changed_at,
  r_changed_at,
  if(kind = 'match' OR l_rows = 0, map(), map('hours', toString(l_hours), 'work_on', toString(l_work_on), 'project_key', toString(l_project_key), 'resource_key', toString(l_resource_key), 'task_key', toString(l_task_key), 'is_billable', toString(l_is_billable))),
  if(kind = 'match' OR r_rows = 0, map(), map('hours', toString(r_hours), 'work_on', toString(r_work_on), 'project_key', toString(r_project_key), 'resource_key', toString(r_resource_key), 'task_key', toString(r_task_key), 'is_billable', toString(r_is_billable))),
  if(kind = 'match', map(), map('is_billable', c_is_billable, 'assignment_key', c_assignment_key, 'task_key', c_task_key, 'status', c_status)),
  c_project_key,
  c_customer_key,
  c_legal_entity,
  c_currency
FROM compared;

INSERT INTO finding (run_id, run_at, comparison, k, key, kind, settling, differing, waiting, l_rows, r_rows, l_source_id, r_source_id, l_native_ids, r_native_ids, l_changed_at, r_changed_at, l_values, r_values, carried, project_key, customer_key, legal_entity, currency)
WITH
  stacked AS
  (
    SELECT
      'L' AS side,
      key,
      k,
      present AS in_l,
      0 AS in_r,
      changed_at,
      source_id,
      native_id,
      hours,
      work_on,
      project_key,
      resource_key,
      task_key,
      is_billable,
      customer_key,
      legal_entity,
      currency,
      assignment_key,
      status
    FROM side_psa_time
    WHERE k IN (SELECT arrayJoin(ks) FROM find_step WHERE run_id = {run_id:String} AND step IN ('left', 'right', 'join'))
    UNION ALL
    SELECT
      'R' AS side,
      key,
      k,
      0 AS in_l,
      present AS in_r,
      changed_at,
      source_id,
      native_id,
      hours,
      work_on,
      project_key,
      resource_key,
      task_key,
      is_billable,
      customer_key,
      legal_entity,
      currency,
      assignment_key,
      status
    FROM side_erp_time
    WHERE k IN (SELECT arrayJoin(ks) FROM find_step WHERE run_id = {run_id:String} AND step IN ('left', 'right', 'join'))
  ),
  grouped AS
  (
    SELECT
    key,
    min(k) AS hashed,
    countIf(in_l) AS l_rows,
    countIf(in_r) AS r_rows,
    arraySort(groupUniqArrayIf(native_id, in_l)) AS l_present_ids,
    arraySort(groupUniqArrayIf(native_id, side = 'L')) AS l_all_ids,
    minIf(source_id, side = 'L') AS l_source_id,
    maxIf(changed_at, side = 'L') AS l_changed_at,
    arraySort(groupUniqArrayIf(native_id, in_r)) AS r_present_ids,
    arraySort(groupUniqArrayIf(native_id, side = 'R')) AS r_all_ids,
    minIf(source_id, side = 'R') AS r_source_id,
    maxIf(changed_at, side = 'R') AS r_changed_at,
    sumIf(hours, in_l) AS l_hours,
    sumIf(hours, in_r) AS r_hours,
    minIf(work_on, in_l) AS l_work_on,
    minIf(work_on, in_r) AS r_work_on,
    minIf(project_key, in_l) AS l_project_key,
    minIf(project_key, in_r) AS r_project_key,
    minIf(resource_key, in_l) AS l_resource_key,
    minIf(resource_key, in_r) AS r_resource_key,
    minIf(task_key, in_l) AS l_task_key,
    minIf(task_key, in_r) AS r_task_key,
    minIf(is_billable, in_l) AS l_is_billable,
    minIf(is_billable, in_r) AS r_is_billable,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(is_billable), in_l), minIf(toString(is_billable), in_r)) AS c_is_billable,
    if(countIf(in_l) > 0, minIf(toString(assignment_key), in_l), minIf(toString(assignment_key), in_r)) AS c_assignment_key,
    if(countIf(in_l) > 0, minIf(toString(task_key), in_l), minIf(toString(task_key), in_r)) AS c_task_key,
    if(countIf(in_l) > 0, minIf(toString(status), in_l), minIf(toString(status), in_r)) AS c_status
    FROM stacked
    GROUP BY key
    HAVING l_rows + r_rows > 0
  ),
  -- one step each: an expression is worked out anew wherever a name of the same step stands for it
  weighed AS
  (
    SELECT
      *,
      dateDiff('millisecond', greatest(l_changed_at, r_changed_at), {settled_at:DateTime64(3, 'UTC')}) AS quiet_ms,
      l_rows = 1 AND r_rows = 1 AS is_pair,
      NOT startsWith(key, 'unlinked:') AS is_linked,
      ['hours', 'work_on', 'project_key', 'resource_key', 'task_key', 'is_billable'] AS names,
      [14400000, 14400000, 14400000, 14400000, 14400000, 14400000] AS settles,
      [abs(l_hours - r_hours) > toDecimal64('0.01', 4), abs(dateDiff('day', l_work_on, r_work_on)) > 0, l_project_key != r_project_key, l_resource_key != r_resource_key, l_task_key != r_task_key, l_is_billable != r_is_billable] AS apart
    FROM grouped
  ),
  differed AS
  (
    SELECT
      *,
      arrayMap(d -> is_pair AND d, apart) AS differ
    FROM weighed
  ),
  settled AS
  (
    SELECT
      *,
      arrayFilter((name, d, settle) -> d AND is_linked AND quiet_ms >= settle, names, differ, settles) AS differing,
      arrayFilter((name, d, settle) -> d AND is_linked AND quiet_ms < settle, names, differ, settles) AS waiting,
      multiIf(
        l_rows + r_rows = 0 OR (is_pair AND NOT arrayExists(d -> d, differ)), 'match',
        NOT is_linked, 'unlinked',
        l_rows > 1 OR r_rows > 1, 'duplicate_key',
        r_rows = 0, 'missing_right',
        l_rows = 0, 'missing_left',
        'mismatch'
      ) AS settling
    FROM differed
  ),
  compared AS
  (
    SELECT
      *,
      multiIf(
        settling = 'match', 'match',
        settling = 'mismatch', if(notEmpty(differing), 'mismatch', 'pending'),
        quiet_ms < multiIf(settling = 'unlinked', 3600000, settling = 'duplicate_key', 3600000, settling = 'missing_left', 3600000, settling = 'missing_right', 14400000, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  'time',
  hashed,
  key,
  kind,
  settling,
  differing,
  waiting,
  l_rows,
  r_rows,
  l_source_id,
  r_source_id,
  if(notEmpty(l_present_ids), l_present_ids, l_all_ids),
  if(notEmpty(r_present_ids), r_present_ids, r_all_ids),
  l_changed_at,
  r_changed_at,
  if(kind = 'match' OR l_rows = 0, map(), map('hours', toString(l_hours), 'work_on', toString(l_work_on), 'project_key', toString(l_project_key), 'resource_key', toString(l_resource_key), 'task_key', toString(l_task_key), 'is_billable', toString(l_is_billable))),
  if(kind = 'match' OR r_rows = 0, map(), map('hours', toString(r_hours), 'work_on', toString(r_work_on), 'project_key', toString(r_project_key), 'resource_key', toString(r_resource_key), 'task_key', toString(r_task_key), 'is_billable', toString(r_is_billable))),
  if(kind = 'match', map(), map('is_billable', c_is_billable, 'assignment_key', c_assignment_key, 'task_key', c_task_key, 'status', c_status)),
  c_project_key,
  c_customer_key,
  c_legal_entity,
  c_currency
FROM compared;

INSERT INTO finding (run_id, run_at, comparison, k, key, kind, settling, differing, waiting, l_rows, r_rows, l_source_id, r_source_id, l_native_ids, r_native_ids, l_changed_at, r_changed_at, l_values, r_values, carried, project_key, customer_key, legal_entity, currency)
WITH
  stacked AS
  (
    SELECT
      'L' AS side,
      key,
      k,
      present AS in_l,
      0 AS in_r,
      changed_at,
      source_id,
      native_id,
      hours,
      work_on,
      project_key,
      resource_key,
      task_key,
      is_billable,
      customer_key,
      legal_entity,
      currency,
      assignment_key,
      status
    FROM side_psa_time
    WHERE k IN (SELECT arrayJoin(ks) FROM find_step WHERE run_id = {run_id:String} AND step IN ('touched'))
    UNION ALL
    SELECT
      'R' AS side,
      key,
      k,
      0 AS in_l,
      present AS in_r,
      changed_at,
      source_id,
      native_id,
      hours,
      work_on,
      project_key,
      resource_key,
      task_key,
      is_billable,
      customer_key,
      legal_entity,
      currency,
      assignment_key,
      status
    FROM side_erp_time
    WHERE k IN (SELECT arrayJoin(ks) FROM find_step WHERE run_id = {run_id:String} AND step IN ('touched'))
  ),
  grouped AS
  (
    SELECT
    key,
    min(k) AS hashed,
    countIf(in_l) AS l_rows,
    countIf(in_r) AS r_rows,
    arraySort(groupUniqArrayIf(native_id, in_l)) AS l_present_ids,
    arraySort(groupUniqArrayIf(native_id, side = 'L')) AS l_all_ids,
    minIf(source_id, side = 'L') AS l_source_id,
    maxIf(changed_at, side = 'L') AS l_changed_at,
    arraySort(groupUniqArrayIf(native_id, in_r)) AS r_present_ids,
    arraySort(groupUniqArrayIf(native_id, side = 'R')) AS r_all_ids,
    minIf(source_id, side = 'R') AS r_source_id,
    maxIf(changed_at, side = 'R') AS r_changed_at,
    sumIf(hours, in_l) AS l_hours,
    sumIf(hours, in_r) AS r_hours,
    minIf(work_on, in_l) AS l_work_on,
    minIf(work_on, in_r) AS r_work_on,
    minIf(project_key, in_l) AS l_project_key,
    minIf(project_key, in_r) AS r_project_key,
    minIf(resource_key, in_l) AS l_resource_key,
    minIf(resource_key, in_r) AS r_resource_key,
    minIf(task_key, in_l) AS l_task_key,
    minIf(task_key, in_r) AS r_task_key,
    minIf(is_billable, in_l) AS l_is_billable,
    minIf(is_billable, in_r) AS r_is_billable,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(is_billable), in_l), minIf(toString(is_billable), in_r)) AS c_is_billable,
    if(countIf(in_l) > 0, minIf(toString(assignment_key), in_l), minIf(toString(assignment_key), in_r)) AS c_assignment_key,
    if(countIf(in_l) > 0, minIf(toString(task_key), in_l), minIf(toString(task_key), in_r)) AS c_task_key,
    if(countIf(in_l) > 0, minIf(toString(status), in_l), minIf(toString(status), in_r)) AS c_status
    FROM stacked
    GROUP BY key
  ),
  -- one step each: an expression is worked out anew wherever a name of the same step stands for it
  weighed AS
  (
    SELECT
      *,
      dateDiff('millisecond', greatest(l_changed_at, r_changed_at), {settled_at:DateTime64(3, 'UTC')}) AS quiet_ms,
      l_rows = 1 AND r_rows = 1 AS is_pair,
      NOT startsWith(key, 'unlinked:') AS is_linked,
      ['hours', 'work_on', 'project_key', 'resource_key', 'task_key', 'is_billable'] AS names,
      [14400000, 14400000, 14400000, 14400000, 14400000, 14400000] AS settles,
      [abs(l_hours - r_hours) > toDecimal64('0.01', 4), abs(dateDiff('day', l_work_on, r_work_on)) > 0, l_project_key != r_project_key, l_resource_key != r_resource_key, l_task_key != r_task_key, l_is_billable != r_is_billable] AS apart
    FROM grouped
  ),
  differed AS
  (
    SELECT
      *,
      arrayMap(d -> is_pair AND d, apart) AS differ
    FROM weighed
  ),
  settled AS
  (
    SELECT
      *,
      arrayFilter((name, d, settle) -> d AND is_linked AND quiet_ms >= settle, names, differ, settles) AS differing,
      arrayFilter((name, d, settle) -> d AND is_linked AND quiet_ms < settle, names, differ, settles) AS waiting,
      multiIf(
        l_rows + r_rows = 0 OR (is_pair AND NOT arrayExists(d -> d, differ)), 'match',
        NOT is_linked, 'unlinked',
        l_rows > 1 OR r_rows > 1, 'duplicate_key',
        r_rows = 0, 'missing_right',
        l_rows = 0, 'missing_left',
        'mismatch'
      ) AS settling
    FROM differed
  ),
  compared AS
  (
    SELECT
      *,
      multiIf(
        settling = 'match', 'match',
        settling = 'mismatch', if(notEmpty(differing), 'mismatch', 'pending'),
        quiet_ms < multiIf(settling = 'unlinked', 3600000, settling = 'duplicate_key', 3600000, settling = 'missing_left', 3600000, settling = 'missing_right', 14400000, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  'time',
  hashed,
  key,
  kind,
  settling,
  differing,
  waiting,
  l_rows,
  r_rows,
  l_source_id,
  r_source_id,
  if(notEmpty(l_present_ids), l_present_ids, l_all_ids),
  if(notEmpty(r_present_ids), r_present_ids, r_all_ids),
  l_changed_at,
  r_changed_at,
  if(kind = 'match' OR l_rows = 0, map(), map('hours', toString(l_hours), 'work_on', toString(l_work_on), 'project_key', toString(l_project_key), 'resource_key', toString(l_resource_key), 'task_key', toString(l_task_key), 'is_billable', toString(l_is_billable))),
  if(kind = 'match' OR r_rows = 0, map(), map('hours', toString(r_hours), 'work_on', toString(r_work_on), 'project_key', toString(r_project_key), 'resource_key', toString(r_resource_key), 'task_key', toString(r_task_key), 'is_billable', toString(r_is_billable))),
  if(kind = 'match', map(), map('is_billable', c_is_billable, 'assignment_key', c_assignment_key, 'task_key', c_task_key, 'status', c_status)),
  c_project_key,
  c_customer_key,
  c_legal_entity,
  c_currency
FROM compared;

INSERT INTO verdict (run_id, run_at, exception_id, rule, rule_version, comparison, key, field_group, kind, fields, severity, blocking, money, currency, money_reporting, unpriced, items, fx, project_key, customer_key, legal_entity, absorbed_by, cause_id, evidence_hash, detail)
WITH
  failing AS
  (
    SELECT *
    FROM finding
    WHERE run_id = {run_id:String} AND comparison = 'time' AND kind IN ('missing_right')
  ),
  rates AS
  (
    SELECT
      currency,
      argMax(rate, effective_from) AS rate
    FROM exchange_rate FINAL
    WHERE effective_from <= {as_of:Date}
    GROUP BY currency
  ),
  priced AS
  (
    SELECT
      f.key AS key,
      toString(f.kind) AS kind,
      arrayFilter(name -> has(['hours', 'work_on', 'project_key', 'resource_key', 'task_key', 'is_billable'], name), f.differing) AS fields,
      f.carried['is_billable'] = '0' AS is_free,
      if(f.carried['is_billable'] = '0', [], i.items) AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      if(notEmpty(items) AND arrayAll(i -> isNull(i.3), items), NULL, arraySum(arrayMap(i -> ifNull(i.3, toDecimal64(0, 4)), items))) AS sum_of_items,
      sum_of_items AS amount,
      if(p.currency != '', p.currency, f.currency) AS money_currency,
      arrayCount(i -> isNull(i.3), items) AS unpriced_lines,
      if(f.project_key = '' OR p.customer_key = '', f.customer_key, p.customer_key) AS of_customer,
      if(p.legal_entity != '', p.legal_entity, f.legal_entity) AS of_entity,
      f.project_key AS of_project,
      multiIf(f.project_key IN (SELECT key FROM finding_current WHERE comparison = 'projects' AND kind IN ('missing_right')), 'PRJ-01', f.carried['task_key'] IN (SELECT key FROM finding_current WHERE comparison = 'tasks' AND kind IN ('missing_right')), 'TSK-01', '') AS absorbed_by,
      multiIf(f.project_key IN (SELECT key FROM finding_current WHERE comparison = 'projects' AND kind IN ('missing_right')), substring(lower(hex(SHA256(concat('9:exception6:PRJ-018:projects', toString(length(f.project_key)), ':', f.project_key, '0:')))), 1, 32), f.carried['task_key'] IN (SELECT key FROM finding_current WHERE comparison = 'tasks' AND kind IN ('missing_right')), substring(lower(hex(SHA256(concat('9:exception6:TSK-015:tasks', toString(length(f.carried['task_key'])), ':', f.carried['task_key'], '0:')))), 1, 32), '') AS cause_id,
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), 1, 1)) AS evidence_hash
    FROM failing AS f
    LEFT JOIN
    (
      SELECT
        of_key,
        arraySort(groupArray((item_key, worth, stake))) AS items
      FROM
      (
        SELECT
          f.key AS of_key,
          item.key AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(item.value, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * REPLACE (if(is_over_cap, toDecimal64(0, 4), hours) AS hours, if(is_over_cap, toDecimal64(0, 4), rc) AS rc) FROM time_worth(as_of = {as_of:Date}) WHERE role = 'psa' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:TIM-014:time', toString(length(key)), ':', key, '0:')))), 1, 32),
  'TIM-01',
  1,
  'time',
  key,
  '',
  kind,
  fields,
  1,
  -- constants stay out of the joined rows: the engine may lose them there
  if(is_free, 'no', 'hard'),
  amount,
  money_currency,
  if(units = 0, NULL, toDecimal64(round(amount * units, 4), 4)),
  unpriced_lines + if(units = 0 AND amount != 0, 1, 0),
  items,
  if(money_currency = {reporting:String}, toDecimal64(1, 8), rates.rate) AS units,
  of_project,
  of_customer,
  of_entity,
  absorbed_by,
  cause_id,
  evidence_hash,
  ''
FROM priced
LEFT JOIN rates ON rates.currency = priced.money_currency;

INSERT INTO verdict (run_id, run_at, exception_id, rule, rule_version, comparison, key, field_group, kind, fields, severity, blocking, money, currency, money_reporting, unpriced, items, fx, project_key, customer_key, legal_entity, absorbed_by, cause_id, evidence_hash, detail)
WITH
  failing AS
  (
    SELECT *
    FROM finding
    WHERE run_id = {run_id:String} AND comparison = 'time' AND kind IN ('missing_left')
  ),
  rates AS
  (
    SELECT
      currency,
      argMax(rate, effective_from) AS rate
    FROM exchange_rate FINAL
    WHERE effective_from <= {as_of:Date}
    GROUP BY currency
  ),
  priced AS
  (
    SELECT
      f.key AS key,
      toString(f.kind) AS kind,
      arrayFilter(name -> has(['hours', 'work_on', 'project_key', 'resource_key', 'task_key', 'is_billable'], name), f.differing) AS fields,
      f.carried['is_billable'] = '0' AS is_free,
      if(f.carried['is_billable'] = '0', [], i.items) AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      if(notEmpty(items) AND arrayAll(i -> isNull(i.3), items), NULL, arraySum(arrayMap(i -> ifNull(i.3, toDecimal64(0, 4)), items))) AS sum_of_items,
      sum_of_items AS amount,
      if(p.currency != '', p.currency, f.currency) AS money_currency,
      arrayCount(i -> isNull(i.3), items) AS unpriced_lines,
      if(f.project_key = '' OR p.customer_key = '', f.customer_key, p.customer_key) AS of_customer,
      if(p.legal_entity != '', p.legal_entity, f.legal_entity) AS of_entity,
      f.project_key AS of_project,
      '' AS absorbed_by,
      '' AS cause_id,
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), 1, 1)) AS evidence_hash
    FROM failing AS f
    LEFT JOIN
    (
      SELECT
        of_key,
        arraySort(groupArray((item_key, worth, stake))) AS items
      FROM
      (
        SELECT
          f.key AS of_key,
          item.key AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(item.value, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * REPLACE (if(is_over_cap, toDecimal64(0, 4), hours) AS hours, if(is_over_cap, toDecimal64(0, 4), rc) AS rc) FROM time_worth(as_of = {as_of:Date}) WHERE role = 'erp' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:TIM-024:time', toString(length(key)), ':', key, '0:')))), 1, 32),
  'TIM-02',
  1,
  'time',
  key,
  '',
  kind,
  fields,
  1,
  -- constants stay out of the joined rows: the engine may lose them there
  if(is_free, 'no', 'hard'),
  amount,
  money_currency,
  if(units = 0, NULL, toDecimal64(round(amount * units, 4), 4)),
  unpriced_lines + if(units = 0 AND amount != 0, 1, 0),
  items,
  if(money_currency = {reporting:String}, toDecimal64(1, 8), rates.rate) AS units,
  of_project,
  of_customer,
  of_entity,
  absorbed_by,
  cause_id,
  evidence_hash,
  ''
FROM priced
LEFT JOIN rates ON rates.currency = priced.money_currency;

INSERT INTO verdict (run_id, run_at, exception_id, rule, rule_version, comparison, key, field_group, kind, fields, severity, blocking, money, currency, money_reporting, unpriced, items, fx, project_key, customer_key, legal_entity, absorbed_by, cause_id, evidence_hash, detail)
WITH
  failing AS
  (
    SELECT *
    FROM finding
    WHERE run_id = {run_id:String} AND comparison = 'time' AND kind IN ('mismatch') AND (kind != 'mismatch' OR hasAny(differing, ['hours', 'work_on', 'project_key', 'resource_key', 'task_key']))
  ),
  rates AS
  (
    SELECT
      currency,
      argMax(rate, effective_from) AS rate
    FROM exchange_rate FINAL
    WHERE effective_from <= {as_of:Date}
    GROUP BY currency
  ),
  priced AS
  (
    SELECT
      f.key AS key,
      toString(f.kind) AS kind,
      arrayFilter(name -> has(['hours', 'work_on', 'project_key', 'resource_key', 'task_key'], name), f.differing) AS fields,
      0 AS is_free,
      if(0, [], i.items) AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      if(notEmpty(items) AND arrayAll(i -> isNull(i.3), items), NULL, arraySum(arrayMap(i -> ifNull(i.3, toDecimal64(0, 4)), items))) AS sum_of_items,
      sum_of_items AS amount,
      if(p.currency != '', p.currency, f.currency) AS money_currency,
      arrayCount(i -> isNull(i.3), items) AS unpriced_lines,
      if(f.project_key = '' OR p.customer_key = '', f.customer_key, p.customer_key) AS of_customer,
      if(p.legal_entity != '', p.legal_entity, f.legal_entity) AS of_entity,
      f.project_key AS of_project,
      '' AS absorbed_by,
      '' AS cause_id,
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), 1, 1)) AS evidence_hash
    FROM failing AS f
    LEFT JOIN
    (
      SELECT
        of_key,
        arraySort(groupArray((item_key, worth, stake))) AS items
      FROM
      (
        SELECT
          f.key AS of_key,
          item.key AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(abs(toDecimal64OrZero(f.l_values['hours'], 4) - toDecimal64OrZero(f.r_values['hours'], 4)) * item.rc, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * REPLACE (if(is_over_cap, toDecimal64(0, 4), hours) AS hours, if(is_over_cap, toDecimal64(0, 4), rc) AS rc) FROM time_worth(as_of = {as_of:Date}) WHERE role = 'psa' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:TIM-034:time', toString(length(key)), ':', key, '47:hours+work_on+project_key+resource_key+task_key')))), 1, 32),
  'TIM-03',
  1,
  'time',
  key,
  'hours+work_on+project_key+resource_key+task_key',
  kind,
  fields,
  1,
  -- constants stay out of the joined rows: the engine may lose them there
  if(is_free, 'no', 'hard'),
  amount,
  money_currency,
  if(units = 0, NULL, toDecimal64(round(amount * units, 4), 4)),
  unpriced_lines + if(units = 0 AND amount != 0, 1, 0),
  items,
  if(money_currency = {reporting:String}, toDecimal64(1, 8), rates.rate) AS units,
  of_project,
  of_customer,
  of_entity,
  absorbed_by,
  cause_id,
  evidence_hash,
  ''
FROM priced
LEFT JOIN rates ON rates.currency = priced.money_currency;

INSERT INTO verdict (run_id, run_at, exception_id, rule, rule_version, comparison, key, field_group, kind, fields, severity, blocking, money, currency, money_reporting, unpriced, items, fx, project_key, customer_key, legal_entity, absorbed_by, cause_id, evidence_hash, detail)
WITH
  failing AS
  (
    SELECT *
    FROM finding
    WHERE run_id = {run_id:String} AND comparison = 'time' AND kind IN ('mismatch') AND (kind != 'mismatch' OR hasAny(differing, ['is_billable']))
  ),
  rates AS
  (
    SELECT
      currency,
      argMax(rate, effective_from) AS rate
    FROM exchange_rate FINAL
    WHERE effective_from <= {as_of:Date}
    GROUP BY currency
  ),
  priced AS
  (
    SELECT
      f.key AS key,
      toString(f.kind) AS kind,
      arrayFilter(name -> has(['is_billable'], name), f.differing) AS fields,
      0 AS is_free,
      if(0, [], i.items) AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      if(notEmpty(items) AND arrayAll(i -> isNull(i.3), items), NULL, arraySum(arrayMap(i -> ifNull(i.3, toDecimal64(0, 4)), items))) AS sum_of_items,
      sum_of_items AS amount,
      if(p.currency != '', p.currency, f.currency) AS money_currency,
      arrayCount(i -> isNull(i.3), items) AS unpriced_lines,
      if(f.project_key = '' OR p.customer_key = '', f.customer_key, p.customer_key) AS of_customer,
      if(p.legal_entity != '', p.legal_entity, f.legal_entity) AS of_entity,
      f.project_key AS of_project,
      '' AS absorbed_by,
      '' AS cause_id,
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), 1, 1)) AS evidence_hash
    FROM failing AS f
    LEFT JOIN
    (
      SELECT
        of_key,
        arraySort(groupArray((item_key, worth, stake))) AS items
      FROM
      (
        SELECT
          f.key AS of_key,
          item.key AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(item.value, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * REPLACE (if(is_over_cap, toDecimal64(0, 4), hours) AS hours, if(is_over_cap, toDecimal64(0, 4), rc) AS rc) FROM time_worth(as_of = {as_of:Date}) WHERE role = 'psa' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:TIM-054:time', toString(length(key)), ':', key, '11:is_billable')))), 1, 32),
  'TIM-05',
  1,
  'time',
  key,
  'is_billable',
  kind,
  fields,
  1,
  -- constants stay out of the joined rows: the engine may lose them there
  if(is_free, 'no', 'hard'),
  amount,
  money_currency,
  if(units = 0, NULL, toDecimal64(round(amount * units, 4), 4)),
  unpriced_lines + if(units = 0 AND amount != 0, 1, 0),
  items,
  if(money_currency = {reporting:String}, toDecimal64(1, 8), rates.rate) AS units,
  of_project,
  of_customer,
  of_entity,
  absorbed_by,
  cause_id,
  evidence_hash,
  ''
FROM priced
LEFT JOIN rates ON rates.currency = priced.money_currency;

INSERT INTO verdict (run_id, run_at, exception_id, rule, rule_version, comparison, key, field_group, kind, fields, severity, blocking, money, currency, money_reporting, unpriced, items, fx, project_key, customer_key, legal_entity, absorbed_by, cause_id, evidence_hash, detail)
WITH
  failing AS
  (
    SELECT *
    FROM finding
    WHERE run_id = {run_id:String} AND comparison = 'time' AND kind IN ('duplicate_key') AND (kind != 'duplicate_key' OR r_rows > 1)
  ),
  rates AS
  (
    SELECT
      currency,
      argMax(rate, effective_from) AS rate
    FROM exchange_rate FINAL
    WHERE effective_from <= {as_of:Date}
    GROUP BY currency
  ),
  priced AS
  (
    SELECT
      f.key AS key,
      toString(f.kind) AS kind,
      arrayFilter(name -> has(['hours', 'work_on', 'project_key', 'resource_key', 'task_key', 'is_billable'], name), f.differing) AS fields,
      0 AS is_free,
      if(0, [], i.items) AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      if(notEmpty(items) AND arrayAll(i -> isNull(i.3), items), NULL, arraySum(arrayMap(i -> ifNull(i.3, toDecimal64(0, 4)), items))) AS sum_of_items,
      sum_of_items AS amount,
      if(p.currency != '', p.currency, f.currency) AS money_currency,
      arrayCount(i -> isNull(i.3), items) AS unpriced_lines,
      if(f.project_key = '' OR p.customer_key = '', f.customer_key, p.customer_key) AS of_customer,
      if(p.legal_entity != '', p.legal_entity, f.legal_entity) AS of_entity,
      f.project_key AS of_project,
      '' AS absorbed_by,
      '' AS cause_id,
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), 1, 1)) AS evidence_hash
    FROM failing AS f
    LEFT JOIN
    (
      SELECT
        of_key,
        arraySort(groupArray((item_key, worth, stake))) AS items
      FROM
      (
        SELECT
          f.key AS of_key,
          item.key AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(toDecimal128(toDecimal64OrZero(f.r_values['hours'], 4), 8) * (f.r_rows - 1) / f.r_rows * item.rc, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * REPLACE (if(is_over_cap, toDecimal64(0, 4), hours) AS hours, if(is_over_cap, toDecimal64(0, 4), rc) AS rc) FROM time_worth(as_of = {as_of:Date}) WHERE role IN ('psa', 'erp') AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
        ORDER BY item.role DESC, item.hours
        LIMIT 1 BY of_key
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:TIM-064:time', toString(length(key)), ':', key, '0:')))), 1, 32),
  'TIM-06',
  1,
  'time',
  key,
  '',
  kind,
  fields,
  1,
  -- constants stay out of the joined rows: the engine may lose them there
  if(is_free, 'no', 'hard'),
  amount,
  money_currency,
  if(units = 0, NULL, toDecimal64(round(amount * units, 4), 4)),
  unpriced_lines + if(units = 0 AND amount != 0, 1, 0),
  items,
  if(money_currency = {reporting:String}, toDecimal64(1, 8), rates.rate) AS units,
  of_project,
  of_customer,
  of_entity,
  absorbed_by,
  cause_id,
  evidence_hash,
  ''
FROM priced
LEFT JOIN rates ON rates.currency = priced.money_currency