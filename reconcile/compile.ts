/**
 * Comparison → SQL. Find: what streams past without being judged. Judge: stack the rows of both sides, group them by key, say
 * how each key came out. Only here (and, for money, in compile-verdict.ts) is SQL text built; every name in it is checked, every
 * value that is not a constant of a rule is a parameter. docs/decisions has the reasons; test/reconcile/__sql__ the results.
 */
import { durationMs } from "#core/time";
import {
  type Comparison,
  checkName,
  FAILING_KINDS,
  type FailingKind,
  type Field,
  isCompared,
  type Side,
} from "./comparison.ts";
import { recausedSql } from "./compile-cause.ts";
import type { Rule } from "./rule.ts";

/** Columns every side has beside its fields and carried columns. */
const SHARED = ["project_key", "customer_key", "legal_entity", "currency"] as const;

/** `{as_of:Date}` is the run's date; a dated view is given it, others do without. */
export function sideSource(side: Side): string {
  const view = checkName(side.view);
  return side.dated ? `${view}(as_of = {as_of:Date})` : view;
}

export function isDated(comparison: Comparison): boolean {
  return comparison.left.dated === true || comparison.right.dated === true;
}

/** Milliseconds a key must have been quiet for an outcome to count: what the rule that claims it asks for. */
export function settleMs(
  comparison: Comparison,
  rules: readonly Rule[],
  kind: FailingKind,
  field?: string,
): number {
  for (const rule of rules)
    for (const claim of rule.claims)
      if (
        claim.comparison === comparison.id &&
        claim.kinds.includes(kind) &&
        (field === undefined || claim.fields === undefined || claim.fields.includes(field))
      )
        return durationMs(claim.settle);
  return durationMs(comparison.settle);
}

/** Rows and distinct keys present on one side, and the keys it has more than once; reads the side once, in key order. */
export function findRepeatedSql(comparison: Comparison, step: "left" | "right"): string {
  return `INSERT INTO find_step (run_id, step, run_at, keys, rows, ks)
SELECT
  {run_id:String},
  '${step}',
  {run_at:DateTime64(3, 'UTC')},
  count(),
  sum(n),
  groupArrayIf(k, n > 1)
FROM
(
  SELECT
    k,
    count() AS n
  FROM ${sideSource(comparison[step])}
  WHERE present
  GROUP BY k
)
SETTINGS optimize_aggregation_in_order = 1`;
}

/**
 * The keys that one side lacks or holds with other values, and how many rows the join gave, in one pass over both sides in key
 * order. It compares hashes of the normalised fields: tolerances belong to the judge, so it over-reports and never under-reports.
 */
export function findDifferingSql(comparison: Comparison): string {
  const side = (s: Side) => `(
  SELECT
    k,
    ${hashOf(comparison)},
    1 AS here
  FROM ${sideSource(s)}
  WHERE present
)`;
  return `INSERT INTO find_step (run_id, step, run_at, keys, rows, ks)
SELECT
  {run_id:String},
  'join',
  {run_at:DateTime64(3, 'UTC')},
  countIf(l.row_hash = r.row_hash AND l.here = r.here),
  count(),
  groupArrayIf(if(l.here = 1, l.k, r.k), l.row_hash != r.row_hash OR l.here != r.here)
FROM ${side(comparison.left)} AS l
FULL JOIN ${side(comparison.right)} AS r ON l.k = r.k
SETTINGS join_algorithm = 'full_sorting_merge'`;
}

/** The stored hash is over all fields; without some of them, it is made anew over those that are compared. */
function hashOf({ fields }: Comparison): string {
  if (fields.every(isCompared)) return "row_hash";
  const names = fields.filter(isCompared).map((f) => checkName(f.name));
  return names.length === 0 ? "0 AS row_hash" : `cityHash64(${names.join(", ")}) AS row_hash`;
}

/**
 * The keys an incremental run looks at: those touched since the last run, and those whose last finding may come out otherwise
 * although nothing touched them (waiting, suspected, part of a list, or explained by a parent that has failed or been put right).
 */
export function findTouchedSql(comparison: Comparison, rules: readonly Rule[]): string {
  const recaused = recausedSql(comparison, rules);
  return `INSERT INTO find_step (run_id, step, run_at, keys, rows, ks)
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
    ))${recaused && `\n  UNION ALL\n  ${recaused}`}
)`;
}

/** Rows present on each side and distinct keys on both, counted on their own: the proof that the kinds add up. */
export function countSidesSql(comparison: Comparison): string {
  return `SELECT
  countIf(side = 'L') AS left_rows,
  countIf(side = 'R') AS right_rows,
  uniqExact(key) AS keys
FROM
(
  SELECT 'L' AS side, key FROM ${sideSource(comparison.left)} WHERE present
  UNION ALL
  SELECT 'R' AS side, key FROM ${sideSource(comparison.right)} WHERE present
)`;
}

/**
 * The judgement of keys, written to `finding`: all of them, or those that the steps of this run found.
 * An incremental run also says of a key that has vanished from both sides that it has, so that an older finding is overruled.
 */
export function judgeSql(
  comparison: Comparison,
  rules: readonly Rule[],
  scope: "all" | "found" | "touched",
): string {
  const { fields, carry } = comparison;
  const columns = [
    ...new Set([...fields.map((f) => checkName(f.name)), ...SHARED, ...carry.map((c) => checkName(c))]),
  ];
  const steps = scope === "touched" ? "'touched'" : "'left', 'right', 'join'";
  const where =
    scope === "all"
      ? ""
      : `
    WHERE k IN (SELECT arrayJoin(ks) FROM find_step WHERE run_id = {run_id:String} AND step IN (${steps}))`;
  const stack = (letter: "L" | "R", side: Side) => `    SELECT
      '${letter}' AS side,
      key,
      k,
      ${letter === "L" ? "present AS in_l,\n      0 AS in_r" : "0 AS in_l,\n      present AS in_r"},
      changed_at,
      source_id,
      native_id,
      ${columns.join(",\n      ")}
    FROM ${sideSource(side)}${where}`;
  const ids = (letter: "L" | "R") => {
    const s = letter.toLowerCase();
    return `    arraySort(groupUniqArrayIf(native_id, in_${s})) AS ${s}_present_ids,
    arraySort(groupUniqArrayIf(native_id, side = '${letter}')) AS ${s}_all_ids,
    minIf(source_id, side = '${letter}') AS ${s}_source_id,
    maxIf(changed_at, side = '${letter}') AS ${s}_changed_at`;
  };
  const bySide = (f: Field) =>
    (["L", "R"] as const)
      .map(
        (letter) =>
          `    ${pick(f)}If(${f.name}, in_${letter.toLowerCase()}) AS ${letter.toLowerCase()}_${f.name}`,
      )
      .join(",\n");
  const carried = [...new Set([...SHARED, ...carry])]
    .map(
      (c) => `    if(countIf(in_l) > 0, minIf(toString(${c}), in_l), minIf(toString(${c}), in_r)) AS c_${c}`,
    )
    .join(",\n");
  // What a side does not hold is no value of it, not even an empty one.
  const values = (s: "l" | "r") => {
    const held = fields.filter((f) => !f.lackedBy?.includes(s === "l" ? "left" : "right"));
    return held.length === 0
      ? "CAST(map() AS Map(String, String))"
      : `map(${held.map((f) => `'${f.name}', toString(${s}_${f.name})`).join(", ")})`;
  };
  const kindSettles = FAILING_KINDS.filter((kind) => kind !== "mismatch").map(
    (kind) => `settling = '${kind}', ${settleMs(comparison, rules, kind)}`,
  );
  // A comparison may be of whole records only. An empty list has no type of its own.
  const list = (items: readonly string[], type: string) =>
    items.length === 0 ? `CAST([] AS Array(${type}))` : `[${items.join(", ")}]`;
  return `INSERT INTO finding (run_id, run_at, comparison, k, key, kind, settling, differing, waiting, l_rows, r_rows, l_source_id, r_source_id, l_native_ids, r_native_ids, l_changed_at, r_changed_at, l_values, r_values, carried, project_key, customer_key, legal_entity, currency)
WITH
  stacked AS
  (
${stack("L", comparison.left)}
    UNION ALL
${stack("R", comparison.right)}
  ),
  grouped AS
  (
    SELECT
    key,
    min(k) AS hashed,
    countIf(in_l) AS l_rows,
    countIf(in_r) AS r_rows,
${ids("L")},
${[ids("R"), ...fields.map(bySide), carried].join(",\n")}
    FROM stacked
    GROUP BY key${scope === "touched" ? "" : "\n    HAVING l_rows + r_rows > 0"}
  ),
  -- one step each: an expression is worked out anew wherever a name of the same step stands for it
  weighed AS
  (
    SELECT
      *,
      dateDiff('millisecond', greatest(l_changed_at, r_changed_at), {settled_at:DateTime64(3, 'UTC')}) AS quiet_ms,
      l_rows = 1 AND r_rows = 1 AS is_pair,
      NOT startsWith(key, 'unlinked:') AS is_linked,
      ${list(
        fields.map((f) => `'${f.name}'`),
        "String",
      )} AS names,
      ${list(
        fields.map((f) => String(settleMs(comparison, rules, "mismatch", f.name))),
        "UInt64",
      )} AS settles,
      ${list(fields.map(differs), "UInt8")} AS apart
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
        quiet_ms < multiIf(${kindSettles.join(", ")}, 0), 'pending',
        settling
      ) AS kind
    FROM settled
  )
SELECT
  {run_id:String},
  {run_at:DateTime64(3, 'UTC')},
  '${comparison.id}',
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
  if(kind = 'match' OR l_rows = 0, map(), ${values("l")}),
  if(kind = 'match' OR r_rows = 0, map(), ${values("r")}),
  if(kind = 'match', map(), map(${carry.map((c) => `'${c}', c_${c}`).join(", ")})),
  c_project_key,
  c_customer_key,
  c_legal_entity,
  c_currency
FROM compared`;
}

/** Measures of repeated rows are summed; of what is not a measure, one is picked, always the same. */
function pick(field: Field): "sum" | "min" {
  return field.as === "measure" ? "sum" : "min";
}

/** Whether the two sides of a field differ by more than the tolerance, which itself still agrees. Never, where one holds none. */
function differs(field: Field): string {
  if (!isCompared(field)) return "0";
  const [l, r] = [`l_${field.name}`, `r_${field.name}`];
  if (field.emptyAgrees) {
    const { emptyAgrees: _said, ...strict } = field;
    return `(${l} != '' AND ${r} != '' AND ${differs(strict)})`;
  }
  if (field.as === "measure") {
    const relative = `toDecimal128(abs(${l} - ${r}), 8) * 100 > toDecimal128(abs(${l}), 4) * toDecimal128('${field.tolerancePct}', 4)`;
    if (field.tolerancePct !== undefined && field.tolerance === undefined) return relative;
    const absolute = `abs(${l} - ${r}) > toDecimal64('${field.tolerance ?? "0"}', 4)`;
    return field.tolerancePct === undefined ? absolute : `(${absolute} AND ${relative})`;
  }
  if (field.as === "date") return `abs(dateDiff('day', ${l}, ${r})) > ${Number(field.tolerance ?? "0")}`;
  if (field.normalise) return `${normalised(field.normalise, l)} != ${normalised(field.normalise, r)}`;
  return `${l} != ${r}`;
}

/** A text without what does not count. */
function normalised(how: NonNullable<Field["normalise"]>, column: string): string {
  return how === "code"
    ? `lowerUTF8(trimBoth(${column}))`
    : `lowerUTF8(trimBoth(replaceRegexpAll(normalizeUTF8NFKC(${column}), '\\\\s+', ' ')))`;
}
