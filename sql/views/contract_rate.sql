-- One row per customer, role and currency: which signed contract rate holds when, as (first day, id of the line, last day, rate),
-- newest first and without overlaps. Takes the date up to which signatures count: a line of a contract or an amendment signed later
-- is not there yet. Of lines that cover a day the newest start holds, of equal starts the one signed last, then the greater id; but
-- where an amendment of the contract that would hold covers the day, the amendment does. The contract's discount is taken off
-- (an amendment without one keeps the contract's), rounded half up to the two decimals rate cards are kept in. An open end reads as
-- the far future. A rate that is one project's own is left out.
CREATE OR REPLACE VIEW contract_rate AS
WITH
  line AS
  (
    SELECT
      l.customer_key AS customer_key,
      l.role_name AS role_name,
      l.currency AS currency,
      l.changed_at AS changed_at,
      l.native_id AS native_id,
      l.effective_from AS from_on,
      if(l.effective_to = '1970-01-01', toDate('2149-06-06'), l.effective_to) AS to_on,
      l.card_key AS contract_key,
      c.amends_key AS amends_key,
      c.signed_on AS signed_on,
      coalesce(c.discount_pct, a.discount_pct, toDecimal64(0, 4)) AS discount,
      if(discount = 0, l.rate, toDecimal64(round(toDecimal128(l.rate, 4) * (100 - discount) / 100, 2), 4)) AS rate
    FROM rate_line AS l FINAL
    LEFT JOIN agreed_terms AS c ON c.key = l.card_key
    LEFT JOIN agreed_terms AS a ON a.key = c.amends_key
    -- a contract that says nothing of its signature is judged by the line's own
    WHERE l.role = 'crm' AND l.is_deleted = 0 AND l.is_signed = 1 AND l.project_ref = '' AND c.signed_on <= {as_of:Date}
  ),
  priced AS
  (
    SELECT
      customer_key,
      role_name,
      currency,
      max(changed_at) AS changed_at,
      arrayReverseSort(groupArray((from_on, signed_on, native_id, to_on, contract_key, amends_key, rate))) AS lines,
      arraySort(arrayDistinct(arrayConcat(
        arrayMap(l -> l.1, lines),
        arrayMap(l -> addDays(l.4, 1), arrayFilter(l -> l.4 < toDate('2149-06-06'), lines))
      ))) AS bounds
    FROM line
    GROUP BY
      customer_key,
      role_name,
      currency
  )
SELECT
  customer_key,
  role_name,
  currency,
  changed_at,
  arrayMap(day -> arrayFilter(l -> l.1 <= day AND day <= l.4, lines), bounds) AS covering,
  arrayMap(c -> if(
    empty(c) OR (c[1]).5 = '' OR NOT arrayExists(l -> l.6 = (c[1]).5, c),
    c[1],
    arrayFirst(l -> l.6 = (c[1]).5, c)
  ), covering) AS holding,
  arrayReverse(arrayFilter(r -> r.2 != '', arrayMap(
    (day, until, l) -> (day, l.3, until, l.7),
    bounds,
    arrayPushBack(arrayMap(day -> addDays(day, -1), arrayPopFront(bounds)), toDate('2149-06-06')),
    holding
  ))) AS ranges
FROM priced
