-- One row per project with billable time: more than all of it can be worth in either system, whatever its lines turn out to be. Every
-- stored version counts, at the customer's highest rate, rounding included. A contract whose cap lies above this has not reached it,
-- which costs far less to know than the sum of its lines. Takes the date up to which signatures count.
CREATE OR REPLACE VIEW most_worked AS
SELECT
  h.project_key AS project_key,
  max(h.hours * r.rate + toDecimal128(h.versions, 8) / 1000) AS worth
FROM
(
  SELECT
    role,
    project_key,
    toDecimal128(sum(time_entry.hours), 4) AS hours,
    count() AS versions
  FROM time_entry
  WHERE is_billable = 1 AND time_entry.hours > 0
  GROUP BY role, project_key
) AS h
INNER JOIN base_project AS p ON p.key = h.project_key
INNER JOIN
(
  SELECT
    customer_key,
    toDecimal128(max(arrayMax(range -> range.4, ranges)), 4) AS rate
  FROM contract_rate(as_of = {as_of:Date})
  GROUP BY customer_key
) AS r ON r.customer_key = p.customer_key
GROUP BY h.project_key
