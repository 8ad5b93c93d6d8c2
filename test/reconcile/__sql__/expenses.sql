SELECT
  countIf(side = 'L') AS left_rows,
  countIf(side = 'R') AS right_rows,
  uniqExact(key) AS keys
FROM
(
  SELECT 'L' AS side, key FROM side_psa_expense WHERE present
  UNION ALL
  SELECT 'R' AS side, key FROM side_erp_expense WHERE present
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
    WHERE comparison = 'expenses' AND kind IN ('missing_right')
  ) AS f
  INNER JOIN
  (
    SELECT
      key,
      status,
      cause_id
    FROM exception
    WHERE comparison = 'expenses' AND rule = 'EXP-01' AND field_group = ''
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
      currency,
      billing,
      project_key,
      customer_key,
      legal_entity,
      is_billable,
      incurred_on,
      category
    FROM side_psa_expense
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
      currency,
      billing,
      project_key,
      customer_key,
      legal_entity,
      is_billable,
      incurred_on,
      category
    FROM side_erp_expense
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
    minIf(currency, in_l) AS l_currency,
    minIf(currency, in_r) AS r_currency,
    minIf(billing, in_l) AS l_billing,
    minIf(billing, in_r) AS r_billing,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(is_billable), in_l), minIf(toString(is_billable), in_r)) AS c_is_billable,
    if(countIf(in_l) > 0, minIf(toString(incurred_on), in_l), minIf(toString(incurred_on), in_r)) AS c_incurred_on,
    if(countIf(in_l) > 0, minIf(toString(category), in_l), minIf(toString(category), in_r)) AS c_category
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
      ['amount', 'currency', 'billing'] AS names,
      [14400000, 14400000, 14400000] AS settles,
      [abs(l_amount - r_amount) > toDecimal64('0.01', 4), lowerUTF8(trimBoth(l_currency)) != lowerUTF8(trimBoth(r_currency)), l_billing != r_billing] AS apart
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
        quiet_ms < multiIf(settling = 'unlinked', 3600000, settling = 'duplicate_key', 3600000, settling = 'missing_left', 14400000, settling = 'missing_right', 14400000, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  'expenses',
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
  if(kind = 'match' OR l_rows = 0, map(), map('amount', toString(l_amount), 'currency', toString(l_currency), 'billing', toString(l_billing))),
  if(kind = 'match' OR r_rows = 0, map(), map('amount', toString(r_amount), 'currency', toString(r_currency), 'billing', toString(r_billing))),
  if(kind = 'match', map(), map('is_billable', c_is_billable, 'incurred_on', c_incurred_on, 'category', c_category)),
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
      currency,
      billing,
      project_key,
      customer_key,
      legal_entity,
      is_billable,
      incurred_on,
      category
    FROM side_psa_expense
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
      currency,
      billing,
      project_key,
      customer_key,
      legal_entity,
      is_billable,
      incurred_on,
      category
    FROM side_erp_expense
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
    minIf(currency, in_l) AS l_currency,
    minIf(currency, in_r) AS r_currency,
    minIf(billing, in_l) AS l_billing,
    minIf(billing, in_r) AS r_billing,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(is_billable), in_l), minIf(toString(is_billable), in_r)) AS c_is_billable,
    if(countIf(in_l) > 0, minIf(toString(incurred_on), in_l), minIf(toString(incurred_on), in_r)) AS c_incurred_on,
    if(countIf(in_l) > 0, minIf(toString(category), in_l), minIf(toString(category), in_r)) AS c_category
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
      ['amount', 'currency', 'billing'] AS names,
      [14400000, 14400000, 14400000] AS settles,
      [abs(l_amount - r_amount) > toDecimal64('0.01', 4), lowerUTF8(trimBoth(l_currency)) != lowerUTF8(trimBoth(r_currency)), l_billing != r_billing] AS apart
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
        quiet_ms < multiIf(settling = 'unlinked', 3600000, settling = 'duplicate_key', 3600000, settling = 'missing_left', 14400000, settling = 'missing_right', 14400000, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  'expenses',
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
  if(kind = 'match' OR l_rows = 0, map(), map('amount', toString(l_amount), 'currency', toString(l_currency), 'billing', toString(l_billing))),
  if(kind = 'match' OR r_rows = 0, map(), map('amount', toString(r_amount), 'currency', toString(r_currency), 'billing', toString(r_billing))),
  if(kind = 'match', map(), map('is_billable', c_is_billable, 'incurred_on', c_incurred_on, 'category', c_category)),
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
      currency,
      billing,
      project_key,
      customer_key,
      legal_entity,
      is_billable,
      incurred_on,
      category
    FROM side_psa_expense
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
      currency,
      billing,
      project_key,
      customer_key,
      legal_entity,
      is_billable,
      incurred_on,
      category
    FROM side_erp_expense
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
    minIf(currency, in_l) AS l_currency,
    minIf(currency, in_r) AS r_currency,
    minIf(billing, in_l) AS l_billing,
    minIf(billing, in_r) AS r_billing,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(is_billable), in_l), minIf(toString(is_billable), in_r)) AS c_is_billable,
    if(countIf(in_l) > 0, minIf(toString(incurred_on), in_l), minIf(toString(incurred_on), in_r)) AS c_incurred_on,
    if(countIf(in_l) > 0, minIf(toString(category), in_l), minIf(toString(category), in_r)) AS c_category
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
      ['amount', 'currency', 'billing'] AS names,
      [14400000, 14400000, 14400000] AS settles,
      [abs(l_amount - r_amount) > toDecimal64('0.01', 4), lowerUTF8(trimBoth(l_currency)) != lowerUTF8(trimBoth(r_currency)), l_billing != r_billing] AS apart
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
        quiet_ms < multiIf(settling = 'unlinked', 3600000, settling = 'duplicate_key', 3600000, settling = 'missing_left', 14400000, settling = 'missing_right', 14400000, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  'expenses',
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
  if(kind = 'match' OR l_rows = 0, map(), map('amount', toString(l_amount), 'currency', toString(l_currency), 'billing', toString(l_billing))),
  if(kind = 'match' OR r_rows = 0, map(), map('amount', toString(r_amount), 'currency', toString(r_currency), 'billing', toString(r_billing))),
  if(kind = 'match', map(), map('is_billable', c_is_billable, 'incurred_on', c_incurred_on, 'category', c_category)),
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
    WHERE run_id = {run_id:String} AND comparison = 'expenses' AND kind IN ('missing_right')
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
      arrayFilter(name -> has(['amount', 'currency', 'billing'], name), f.differing) AS fields,
      f.carried['is_billable'] = '0' AS is_free,
      if(f.carried['is_billable'] = '0', [], i.items) AS items,
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
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), 2, 1)) AS evidence_hash
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
          concat('expense:', item.key) AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(item.value, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * FROM priced_expense WHERE role = 'psa' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:EXP-018:expenses', toString(length(key)), ':', key, '0:')))), 1, 32),
  'EXP-01',
  1,
  'expenses',
  key,
  '',
  kind,
  fields,
  2,
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
    WHERE run_id = {run_id:String} AND comparison = 'expenses' AND kind IN ('mismatch') AND (kind != 'mismatch' OR hasAny(differing, ['amount', 'currency']))
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
      arrayFilter(name -> has(['amount', 'currency'], name), f.differing) AS fields,
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
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), 2, 1)) AS evidence_hash
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
          concat('expense:', item.key) AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(if(upper(f.l_values['currency']) != upper(f.r_values['currency']), item.value, abs(toDecimal64OrZero(f.l_values['amount'], 4) - toDecimal64OrZero(f.r_values['amount'], 4))), 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * FROM priced_expense WHERE role = 'psa' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:EXP-028:expenses', toString(length(key)), ':', key, '15:amount+currency')))), 1, 32),
  'EXP-02',
  1,
  'expenses',
  key,
  'amount+currency',
  kind,
  fields,
  2,
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
LEFT JOIN rates ON rates.currency = priced.money_currency;

INSERT INTO verdict (run_id, run_at, exception_id, rule, rule_version, comparison, key, field_group, kind, fields, severity, blocking, money, currency, money_reporting, unpriced, items, fx, project_key, customer_key, legal_entity, absorbed_by, cause_id, evidence_hash, detail)
WITH
  failing AS
  (
    SELECT *
    FROM finding
    WHERE run_id = {run_id:String} AND comparison = 'expenses' AND kind IN ('mismatch') AND (kind != 'mismatch' OR hasAny(differing, ['billing']))
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
      arrayFilter(name -> has(['billing'], name), f.differing) AS fields,
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
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), 2, 1)) AS evidence_hash
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
          concat('expense:', item.key) AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(item.value, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (SELECT * FROM priced_expense WHERE role = 'psa' AND k IN (SELECT k FROM failing)) AS item ON item.key = f.key
        WHERE 1
      )
      GROUP BY of_key
    ) AS i ON i.of_key = f.key
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:EXP-038:expenses', toString(length(key)), ':', key, '7:billing')))), 1, 32),
  'EXP-03',
  1,
  'expenses',
  key,
  'billing',
  kind,
  fields,
  2,
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