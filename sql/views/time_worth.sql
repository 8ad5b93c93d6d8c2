-- One row per approved time line in either system, with what it is worth to billing: contract rate × hours; of a line at which the
-- contract's cap runs out only what still fits, and 0 of those beyond (`is_over_cap`). `over_cap` is the rest. Null where there is no
-- rate. Takes the date up to which signatures count; what a cap leaves room for is as last measured (see over_cap_time).
CREATE OR REPLACE VIEW time_worth AS
SELECT
  t.* EXCEPT (value),
  if(o.native_id = '', t.value, toDecimal128(o.within, 8)) AS value,
  (o.native_id != '' AND o.within = 0) AS is_over_cap,
  if(o.native_id = '', toDecimal128(0, 8), t.value - o.within) AS over_cap
FROM rated_time(as_of = {as_of:Date}) AS t
LEFT JOIN
(
  SELECT
    role,
    source_id,
    native_id,
    within
  FROM over_cap_time FINAL
  WHERE is_over = 1
) AS o ON o.role = t.role AND o.source_id = t.source_id AND o.native_id = t.native_id
