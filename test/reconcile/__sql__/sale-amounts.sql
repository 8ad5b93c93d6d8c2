SELECT
  countIf(side = 'L') AS left_rows,
  countIf(side = 'R') AS right_rows,
  uniqExact(key) AS keys
FROM
(
  SELECT 'L' AS side, key FROM side_crm_sold_contract WHERE present
  UNION ALL
  SELECT 'R' AS side, key FROM side_crm_contract_sale WHERE present
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
      sold_in,
      project_key,
      customer_key,
      legal_entity,
      currency,
      number
    FROM side_crm_sold_contract
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
      sold_in,
      project_key,
      customer_key,
      legal_entity,
      currency,
      number
    FROM side_crm_contract_sale
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
    minIf(sold_in, in_l) AS l_sold_in,
    minIf(sold_in, in_r) AS r_sold_in,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(number), in_l), minIf(toString(number), in_r)) AS c_number
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
      ['amount', 'sold_in'] AS names,
      [86400000, 86400000] AS settles,
      [(abs(l_amount - r_amount) > toDecimal64('100', 4) AND toDecimal128(abs(l_amount - r_amount), 8) * 100 > toDecimal128(abs(l_amount), 4) * toDecimal128('0.5', 4)), l_sold_in != r_sold_in] AS apart
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
        quiet_ms < multiIf(settling = 'unlinked', 86400000, settling = 'duplicate_key', 86400000, settling = 'missing_left', 86400000, settling = 'missing_right', 86400000, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  'sale-amounts',
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
  if(kind = 'match' OR l_rows = 0, map(), map('amount', toString(l_amount), 'sold_in', toString(l_sold_in))),
  if(kind = 'match' OR r_rows = 0, map(), map('amount', toString(r_amount), 'sold_in', toString(r_sold_in))),
  if(kind = 'match', map(), map('number', c_number)),
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
      sold_in,
      project_key,
      customer_key,
      legal_entity,
      currency,
      number
    FROM side_crm_sold_contract
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
      sold_in,
      project_key,
      customer_key,
      legal_entity,
      currency,
      number
    FROM side_crm_contract_sale
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
    minIf(sold_in, in_l) AS l_sold_in,
    minIf(sold_in, in_r) AS r_sold_in,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(number), in_l), minIf(toString(number), in_r)) AS c_number
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
      ['amount', 'sold_in'] AS names,
      [86400000, 86400000] AS settles,
      [(abs(l_amount - r_amount) > toDecimal64('100', 4) AND toDecimal128(abs(l_amount - r_amount), 8) * 100 > toDecimal128(abs(l_amount), 4) * toDecimal128('0.5', 4)), l_sold_in != r_sold_in] AS apart
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
        quiet_ms < multiIf(settling = 'unlinked', 86400000, settling = 'duplicate_key', 86400000, settling = 'missing_left', 86400000, settling = 'missing_right', 86400000, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  'sale-amounts',
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
  if(kind = 'match' OR l_rows = 0, map(), map('amount', toString(l_amount), 'sold_in', toString(l_sold_in))),
  if(kind = 'match' OR r_rows = 0, map(), map('amount', toString(r_amount), 'sold_in', toString(r_sold_in))),
  if(kind = 'match', map(), map('number', c_number)),
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
      sold_in,
      project_key,
      customer_key,
      legal_entity,
      currency,
      number
    FROM side_crm_sold_contract
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
      sold_in,
      project_key,
      customer_key,
      legal_entity,
      currency,
      number
    FROM side_crm_contract_sale
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
    minIf(sold_in, in_l) AS l_sold_in,
    minIf(sold_in, in_r) AS r_sold_in,
    if(countIf(in_l) > 0, minIf(toString(project_key), in_l), minIf(toString(project_key), in_r)) AS c_project_key,
    if(countIf(in_l) > 0, minIf(toString(customer_key), in_l), minIf(toString(customer_key), in_r)) AS c_customer_key,
    if(countIf(in_l) > 0, minIf(toString(legal_entity), in_l), minIf(toString(legal_entity), in_r)) AS c_legal_entity,
    if(countIf(in_l) > 0, minIf(toString(currency), in_l), minIf(toString(currency), in_r)) AS c_currency,
    if(countIf(in_l) > 0, minIf(toString(number), in_l), minIf(toString(number), in_r)) AS c_number
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
      ['amount', 'sold_in'] AS names,
      [86400000, 86400000] AS settles,
      [(abs(l_amount - r_amount) > toDecimal64('100', 4) AND toDecimal128(abs(l_amount - r_amount), 8) * 100 > toDecimal128(abs(l_amount), 4) * toDecimal128('0.5', 4)), l_sold_in != r_sold_in] AS apart
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
        quiet_ms < multiIf(settling = 'unlinked', 86400000, settling = 'duplicate_key', 86400000, settling = 'missing_left', 86400000, settling = 'missing_right', 86400000, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  'sale-amounts',
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
  if(kind = 'match' OR l_rows = 0, map(), map('amount', toString(l_amount), 'sold_in', toString(l_sold_in))),
  if(kind = 'match' OR r_rows = 0, map(), map('amount', toString(r_amount), 'sold_in', toString(r_sold_in))),
  if(kind = 'match', map(), map('number', c_number)),
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
    WHERE run_id = {run_id:String} AND comparison = 'sale-amounts' AND kind IN ('mismatch') AND (kind != 'mismatch' OR hasAny(differing, ['amount', 'sold_in']))
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
      arrayFilter(name -> has(['amount', 'sold_in'], name), f.differing) AS fields,
      0 AS is_free,
      CAST([] AS Array(Tuple(item_key String, value Nullable(Decimal(18, 4)), at_stake Nullable(Decimal(18, 4))))) AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      CAST(0 AS Nullable(Decimal(18, 4))) AS sum_of_items,
      toDecimal64(round(if(f.l_values['sold_in'] = f.r_values['sold_in'], abs(toDecimal64OrZero(f.l_values['amount'], 4) - toDecimal64OrZero(f.r_values['amount'], 4)), toDecimal64OrZero(f.l_values['amount'], 4)), 4), 4) AS amount,
      if(p.currency != '', p.currency, f.currency) AS money_currency,
      arrayCount(i -> isNull(i.3), items) + isNull(amount) AS unpriced_lines,
      if(f.project_key = '' OR p.customer_key = '', f.customer_key, p.customer_key) AS of_customer,
      if(p.legal_entity != '', p.legal_entity, f.legal_entity) AS of_entity,
      f.project_key AS of_project,
      '' AS absorbed_by,
      '' AS cause_id,
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), 3, 1)) AS evidence_hash
    FROM failing AS f
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('9:exception6:OPP-0212:sale-amounts', toString(length(key)), ':', key, '14:amount+sold_in')))), 1, 32),
  'OPP-02',
  1,
  'sale-amounts',
  key,
  'amount+sold_in',
  kind,
  fields,
  3,
  -- constants stay out of the joined rows: the engine may lose them there
  if(is_free, 'no', 'no'),
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