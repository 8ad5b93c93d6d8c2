/**
 * Rule → SQL: from the findings a rule claims to what it says about each key, with the billable lines it holds up and the money.
 * The formulas of a rule are arithmetic over named things (see Formula in rule.ts); here those names become columns.
 */
import { type Comparison, checkName, fieldOf } from "./comparison.ts";
import { CUSTOMER_SQL, causeSql, claimedSql, ENTITY_SQL, exceptionIdSql } from "./compile-cause.ts";
import { type Claim, type Formula, groupOf, type Rule } from "./rule.ts";

/**
 * What `{as_of:Date}` and `{reporting:String}` are needed for: pricing plans, and turning money into the reporting currency.
 * @param rules the catalogue: what may explain the failure is looked up there
 */
export function verdictSql(rule: Rule, claim: Claim, comparison: Comparison, rules: readonly Rule[]): string {
  const fields = claim.fields ?? comparison.fields.map((f) => f.name);
  const money = rule.money.basis === "money" ? rule.money : undefined;
  const nothing = rule.onlyIfBillable ? "f.carried['is_billable'] = '0'" : "0";
  const items = money?.items ? `if(${nothing}, [], i.items)` : emptyItems;
  const plus = money?.plus ? `toDecimal64(round(${formula(money.plus, comparison)}, 4), 4)` : "";
  // Hours are worth what the project is billed in; an expense, a milestone or an invoice states its own.
  const ownCurrency = ["expense", "milestone", "invoice"].includes(comparison.entity);
  const needsPlan = /\bplan\./.test(money?.plus ?? "");
  const priced = "sum_of_items";
  const amount = !money
    ? "CAST(NULL AS Nullable(Decimal(18, 4)))"
    : money.items && plus
      ? `${priced} + ${plus}`
      : plus || priced;
  const cause = causeSql(rule, rules);
  return `INSERT INTO verdict (run_id, run_at, exception_id, rule, rule_version, comparison, key, field_group, kind, fields, severity, blocking, money, currency, money_reporting, unpriced, items, fx, project_key, customer_key, legal_entity, absorbed_by, cause_id, evidence_hash, detail)
WITH
  failing AS
  (
    SELECT *
    FROM finding
    WHERE run_id = {run_id:String} AND ${claimedSql(claim)}
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
      ${fields.length === 0 ? "CAST([] AS Array(String))" : `arrayFilter(name -> has([${fields.map((f) => `'${f}'`).join(", ")}], name), f.differing)`} AS fields,
      ${nothing} AS is_free,
      ${items} AS items,
      -- null when there are lines and none has a rate; 0 when there are none
      ${money?.items ? "if(notEmpty(items) AND arrayAll(i -> isNull(i.3), items), NULL, arraySum(arrayMap(i -> ifNull(i.3, toDecimal64(0, 4)), items)))" : "CAST(0 AS Nullable(Decimal(18, 4)))"} AS sum_of_items,
      ${amount} AS amount,
      ${ownCurrency ? "if(f.currency != '', f.currency, p.currency)" : "if(p.currency != '', p.currency, f.currency)"} AS money_currency,
      arrayCount(i -> isNull(i.3), items)${money && !money.items ? " + isNull(amount)" : ""} AS unpriced_lines,
      ${CUSTOMER_SQL} AS of_customer,
      ${ENTITY_SQL} AS of_entity,
      f.project_key AS of_project,
      ${cause.rule} AS absorbed_by,
      ${cause.exceptionId} AS cause_id,
      hex(cityHash64(kind, fields, f.waiting, f.l_rows, f.r_rows, f.l_native_ids, f.r_native_ids, toString(f.l_values), toString(f.r_values), toString(f.carried), ifNull(toString(amount), ''), toString(items), ${rule.severity}, ${rule.version})) AS evidence_hash
    FROM failing AS f${money?.items ? `\n    LEFT JOIN\n    (${itemsSql(money.items, comparison)}\n    ) AS i ON i.of_key = f.key` : ""}${needsPlan ? "\n    LEFT JOIN planned_assignment(as_of = {as_of:Date}) AS plan ON plan.key = f.key" : ""}
    LEFT JOIN base_project AS p ON p.key = f.project_key
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  ${exceptionIdSql(rule.id, comparison.id, groupOf(claim), "key")},
  '${rule.id}',
  ${rule.version},
  '${comparison.id}',
  key,
  '${groupOf(claim)}',
  kind,
  fields,
  ${rule.severity},
  -- constants stay out of the joined rows: the engine may lose them there
  if(is_free, 'no', '${rule.blocks}'),
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
LEFT JOIN rates ON rates.currency = priced.money_currency`;
}

const emptyItems =
  "CAST([] AS Array(Tuple(item_key String, value Nullable(Decimal(18, 4)), at_stake Nullable(Decimal(18, 4)))))";

type Items = NonNullable<Extract<Rule["money"], { basis: "money" }>["items"]>;

/** Beyond its contract's cap a line of time brings in nothing, whatever its rate: no rate and no hours of it are at stake. */
const TIME_WORTH =
  "SELECT * REPLACE (if(is_over_cap, toDecimal64(0, 4), hours) AS hours, if(is_over_cap, toDecimal64(0, 4), rc) AS rc) FROM time_worth(as_of = {as_of:Date})";

/** The billable lines of each failing key, as (line, what it is worth, what of it is at stake). */
function itemsSql(items: Items, comparison: Comparison): string {
  const pairs = Object.entries(items.on).map(
    ([column, f]) => [checkName(column), formula(f, comparison)] as const,
  );
  const columns = pairs.map(([column]) => column).join(", ");
  const values = pairs.map(([, value]) => value).join(", ");
  const from = items.from ?? "time";
  const role = items.of === "either" ? "role IN ('psa', 'erp')" : `role = '${items.of}'`;
  // The line itself is looked up by its hashed key, which the table is ordered by.
  const narrowed = pairs.some(([column]) => column === "key")
    ? "k IN (SELECT k FROM failing)"
    : `(${columns}) IN (SELECT ${pairs.length === 1 ? values : `(${values})`} FROM failing AS f)`;
  const unposted = items.unposted
    ? `
          AND item.key NOT IN
          (
            SELECT key
            FROM side_erp_time
            WHERE present AND k IN (SELECT k FROM time_entry FINAL WHERE role = 'psa' AND project_key IN (SELECT key FROM failing))
          )`
    : "";
  const uninvoiced = !items.uninvoiced
    ? ""
    : comparison.invoicedBy === undefined || from !== "time"
      ? " AND item.is_invoiced = 0"
      : `
          AND item.key NOT IN
          (
            SELECT key
            FROM time_entry FINAL
            WHERE role = 'erp' AND is_deleted = 0 AND is_invoiced = 1
          )`;
  return `
      SELECT
        of_key,
        arraySort(groupArray((item_key, worth, stake))) AS items
      FROM
      (
        SELECT
          f.key AS of_key,
          ${from.startsWith("time") ? "item.key" : `concat('${from}:', item.key)`} AS item_key,
          toDecimal64(round(item.value, 4), 4) AS worth,
          toDecimal64(round(${formula(items.atStake, comparison)}, 4), 4) AS stake
        FROM failing AS f
        INNER JOIN (${from === "time" ? TIME_WORTH : `SELECT * FROM priced_${from}`} WHERE ${role} AND ${narrowed}) AS item ON ${pairs
          .map(([column, value]) => `item.${column} = ${value}`)
          .join(" AND ")}
        WHERE ${items.where ? formula(items.where, comparison) : "1"}${uninvoiced}${unposted}${
          // Where both systems hold the line, the PSA's counts.
          items.of === "either"
            ? "\n        ORDER BY item.role DESC, item.hours\n        LIMIT 1 BY of_key"
            : ""
        }
      )
      GROUP BY of_key`;
}

/** What `weekday_hours` of a side is made of. */
const WEEKDAY_FIELDS = ["start_on", "end_on", "allocation_pct"];

/** The names of a formula as columns. Throws InvariantError for a field the comparison lacks. */
export function formula(text: Formula, comparison: Comparison): string {
  const side = (which: string) => (which === "left" ? "f.l_values" : "f.r_values");
  const isLacked = (which: string, name: string) =>
    fieldOf(comparison, name).lackedBy?.some((s) => s === which) === true;
  // There is no value of it, so what depends on it is not known: null, not 0. (A constant the engine may lose in the join.)
  const unknown = (which: string, name: string) => `toDecimal64OrNull(${side(which)}['${name}'], 4)`;
  const value = (which: string, name: string) => {
    const field = fieldOf(comparison, name);
    if (isLacked(which, name)) return unknown(which, field.name);
    const raw = `${side(which)}['${field.name}']`;
    if (field.as === "measure") return `toDecimal64OrZero(${raw}, 4)`;
    return field.as === "date" ? `toDateOrZero(${raw})` : raw;
  };
  return text
    .replace(/\bweekday_hours\((left|right)\)/g, (_, which: string) => {
      const lacked = WEEKDAY_FIELDS.find((name) => isLacked(which, name));
      return lacked === undefined
        ? weekdayHours(value(which, "start_on"), value(which, "end_on"), value(which, "allocation_pct"))
        : unknown(which, lacked);
    })
    .replace(/\b(left|right)\.([a-z_]+)/g, (_, which: string, name: string) => value(which, name))
    .replace(/\bcarried\.([a-z_]+)/g, (_, name: string) => `f.carried['${checkName(name)}']`);
}

/** Booked hours of a range of dates, both ends included: weekdays × 8 × allocation. */
function weekdayHours(from: string, to: string, percent: string): string {
  const days = `range(toUInt32(greatest(0, dateDiff('day', ${from}, ${to}) + 1)))`;
  return `(toDecimal128(arrayCount(n -> toDayOfWeek(addDays(${from}, n)) < 6, ${days}) * 8, 4) * ${percent} / 100)`;
}

/** The lines of every verdict that makes an event, under the exception it belongs to. */
export const STORE_ITEMS_SQL = `INSERT INTO exception_item (exception_id, run_at, item_key, value, at_stake, currency, value_reporting, at_stake_reporting, is_unpriced)
SELECT
  exception_id,
  run_at,
  item.1,
  ifNull(item.2, toDecimal64(0, 4)),
  ifNull(item.3, toDecimal64(0, 4)),
  currency,
  toDecimal64(round(ifNull(item.2, toDecimal64(0, 4)) * fx, 4), 4),
  toDecimal64(round(ifNull(item.3, toDecimal64(0, 4)) * fx, 4), 4),
  isNull(item.3) OR fx = 0
FROM verdict_event
ARRAY JOIN items AS item
WHERE run_id = {run_id:String} AND event != ''`;
