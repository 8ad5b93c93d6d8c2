SELECT
  countIf(side = 'L') AS left_rows,
  countIf(side = 'R') AS right_rows,
  uniqExact(key) AS keys
FROM
(
  SELECT 'L' AS side, key FROM side_psa_milestone WHERE present
  UNION ALL
  SELECT 'R' AS side, key FROM side_erp_milestone WHERE present
);

;

;

;

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
    WHERE comparison = 'milestones' AND kind IN ('missing_right')
  ) AS f
  INNER JOIN
  (
    SELECT
      key,
      status,
      cause_id
    FROM exception
    WHERE comparison = 'milestones' AND rule = 'MIL-01' AND field_group = ''
      AND status IN ('open', 'acknowledged', 'snoozed', 'absorbed', 'shadow')
  ) AS e ON e.key = f.key
  LEFT JOIN base_project AS p ON p.key = f.project_key
  WHERE multiIf(f.project_key IN (SELECT key FROM finding_current WHERE comparison = 'projects' AND kind IN ('missing_right')), substring(lower(hex(SHA256(concat('9:exception6:PRJ-018:projects', toString(length(f.project_key)), ':', f.project_key, '0:')))), 1, 32), '') != e.cause_id
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
      amount,
      due_on,
      project_key,
      customer_key,
      legal_entity,
      currency,
      milestone_name,
      status
    FROM side_psa_milestone
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
      amount,
      due_on,
      project_key,
      customer_key,
      legal_entity,
      currency,
      milestone_name,
      status
    FROM side_erp_milestone
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
    sumIf(amount, in_l) AS l_amount,
    sumIf(amount, in_r) AS r_amount,
    minIf(due_on, in_l) AS l_due_on,
    minIf(due_on, in_r) AS r_due_on,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(milestone_name), in_l), minIf(toString(milestone_name), in_r)) AS c_milestone_name,
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
      ['amount', 'due_on'] AS names,
      [86400000, 86400000] AS settles,
      [abs(l_amount - r_amount) > toDecimal64('0.01', 4), abs(dateDiff('day', l_due_on, r_due_on)) > 0] AS apart
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
  'milestones',
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
  if(kind = 'match' OR l_rows = 0, map(), map('amount', toString(l_amount), 'due_on', toString(l_due_on))),
  if(kind = 'match' OR r_rows = 0, map(), map('amount', toString(r_amount), 'due_on', toString(r_due_on))),
  if(kind = 'match', map(), map('milestone_name', c_milestone_name, 'status', c_status)),
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
      amount,
      due_on,
      project_key,
      customer_key,
      legal_entity,
      currency,
      milestone_name,
      status
    FROM side_psa_milestone
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
      amount,
      due_on,
      project_key,
      customer_key,
      legal_entity,
      currency,
      milestone_name,
      status
    FROM side_erp_milestone
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
    sumIf(amount, in_l) AS l_amount,
    sumIf(amount, in_r) AS r_amount,
    minIf(due_on, in_l) AS l_due_on,
    minIf(due_on, in_r) AS r_due_on,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(milestone_name), in_l), minIf(toString(milestone_name), in_r)) AS c_milestone_name,
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
      ['amount', 'due_on'] AS names,
      [86400000, 86400000] AS settles,
      [abs(l_amount - r_amount) > toDecimal64('0.01', 4), abs(dateDiff('day', l_due_on, r_due_on)) > 0] AS apart
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
  'milestones',
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
  if(kind = 'match' OR l_rows = 0, map(), map('amount', toString(l_amount), 'due_on', toString(l_due_on))),
  if(kind = 'match' OR r_rows = 0, map(), map('amount', toString(r_amount), 'due_on', toString(r_due_on))),
  if(kind = 'match', map(), map('milestone_name', c_milestone_name, 'status', c_status)),
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
      amount,
      due_on,
      project_key,
      customer_key,
      legal_entity,
      currency,
      milestone_name,
      status
    FROM side_psa_milestone
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
      amount,
      due_on,
      project_key,
      customer_key,
      legal_entity,
      currency,
      milestone_name,
      status
    FROM side_erp_milestone
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
    sumIf(amount, in_l) AS l_amount,
    sumIf(amount, in_r) AS r_amount,
    minIf(due_on, in_l) AS l_due_on,
    minIf(due_on, in_r) AS r_due_on,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(milestone_name), in_l), minIf(toString(milestone_name), in_r)) AS c_milestone_name,
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
      ['amount', 'due_on'] AS names,
      [86400000, 86400000] AS settles,
      [abs(l_amount - r_amount) > toDecimal64('0.01', 4), abs(dateDiff('day', l_due_on, r_due_on)) > 0] AS apart
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
  'milestones',
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
  if(kind = 'match' OR l_rows = 0, map(), map('amount', toString(l_amount), 'due_on', toString(l_due_on))),
  if(kind = 'match' OR r_rows = 0, map(), map('amount', toString(r_amount), 'due_on', toString(r_due_on))),
  if(kind = 'match', map(), map('milestone_name', c_milestone_name, 'status', c_status)),
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
    WHERE run_id = {run_id:String} AND comparison = 'milestones' AND kind IN ('missing_right')
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
      arrayFilter(name -> has(['amount', 'due_on'], name), f.differing) AS fields,
      0 AS is_free,
      if(0, [], i.items) AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      if(notEmpty(items) AND arrayAll(i -> isNull(i.3), items), NULL, arraySum(arrayMap(i -> ifNull(i.3, toDecimal64(0, 4)), items))) AS sum_of_items,
      sum_of_items AS amount,
      if(f.currency != '', f.currency, p.currency) AS money_currency,
      arrayCount(i -> isNull(i.3), items) AS unpriced_lines,
      if(f.project_key = '' OR p.customer_key = '', f.customer_key, p.customer_key) AS of_customer,
      if(p.legal_entity != '', p.legal_entity, f.legal_entity) AS of_entity,
      f.project_key AS of_project,
      multiIf(f.project_key IN (SELECT key FROM finding_current WHERE comparison = 'projects' AND kind IN ('missing_right')), 'PRJ-01', '') AS absorbed_by,
      multiIf(f.project_key IN (SELECT key FROM finding_current WHERE comparison = 'projects' AND kind IN ('missing_right')), substring(lower(hex(SHA256(concat('9:exception6:PRJ-018:projects', toString(length(f.project_key)), ':', f.project_key, '0:')))), 1, 32), '') AS cause_id,
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
          concat('milestone:', item.key) AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(item.value, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * FROM priced_milestone WHERE role = 'psa' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:MIL-0110:milestones', toString(length(key)), ':', key, '0:')))), 1, 32),
  'MIL-01',
  1,
  'milestones',
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
    WHERE run_id = {run_id:String} AND comparison = 'milestones' AND kind IN ('mismatch') AND (kind != 'mismatch' OR hasAny(differing, ['amount', 'due_on']))
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
      arrayFilter(name -> has(['amount', 'due_on'], name), f.differing) AS fields,
      0 AS is_free,
      if(0, [], i.items) AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      if(notEmpty(items) AND arrayAll(i -> isNull(i.3), items), NULL, arraySum(arrayMap(i -> ifNull(i.3, toDecimal64(0, 4)), items))) AS sum_of_items,
      sum_of_items AS amount,
      if(f.currency != '', f.currency, p.currency) AS money_currency,
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
          concat('milestone:', item.key) AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(abs(toDecimal64OrZero(f.l_values['amount'], 4) - toDecimal64OrZero(f.r_values['amount'], 4)), 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * FROM priced_milestone WHERE role = 'psa' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:MIL-0310:milestones', toString(length(key)), ':', key, '13:amount+due_on')))), 1, 32),
  'MIL-03',
  1,
  'milestones',
  key,
  'amount+due_on',
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
    WHERE run_id = {run_id:String} AND comparison = 'milestones' AND kind IN ('missing_left')
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
      arrayFilter(name -> has(['amount', 'due_on'], name), f.differing) AS fields,
      0 AS is_free,
      if(0, [], i.items) AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      if(notEmpty(items) AND arrayAll(i -> isNull(i.3), items), NULL, arraySum(arrayMap(i -> ifNull(i.3, toDecimal64(0, 4)), items))) AS sum_of_items,
      sum_of_items AS amount,
      if(f.currency != '', f.currency, p.currency) AS money_currency,
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
          concat('milestone:', item.key) AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(item.value, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * FROM priced_milestone WHERE role = 'erp' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:MIL-0410:milestones', toString(length(key)), ':', key, '0:')))), 1, 32),
  'MIL-04',
  1,
  'milestones',
  key,
  '',
  kind,
  fields,
  1,
  -- constants stay out of the joined rows: the engine may lose them there
  if(is_free, 'no', 'soft'),
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