/**
 * The ways a rule can be broken: each is one small change to the rule, to a comparison it claims, or to a side's view, that some test
 * of the rule must notice. Made from the catalogue as it is, so that a new rule is covered without anything being added here.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { add, multiply, subtract } from "#core/decimal";
import type { Comparison, Field } from "#reconcile/comparison";
import { comparisonById } from "#reconcile/explain";
import type { Claim, Money, Parent, Rule } from "#reconcile/rule";
import { RULES } from "#reconcile/rules/index";
import { sqlDir } from "#sql/root";

export interface Mutation {
  rule: string;
  /** What is broken, for people: "hours: the boundary no longer agrees (time)". */
  what: string;
  /** What the scratch copy is given in place of its own. */
  with: {
    rules?: readonly Rule[];
    comparison?: Comparison;
    /** File name in sql/views and its new text. */
    view?: { file: string; sql: string };
  };
}

/** All mutations of one rule, in the order they are tried. A gate claims nothing of a comparison and has none. */
export function mutationsOf(rule: Rule): Mutation[] {
  const claimed = rule.claims.flatMap((claim) => {
    const comparison = comparisonById(claim.comparison);
    return comparison ? [{ claim, comparison }] : [];
  });
  const comparisons = [...new Set(claimed.map((c) => c.comparison))];
  const ofRule = [
    ...(rule.per === "side" ? sideClaims(rule) : claimed.flatMap((c) => claimMutations(rule, c.claim))),
    ...moneyMutations(rule),
    ...(rule.onlyIfBillable
      ? [{ what: "lines nobody bills count too", rule: without(rule, "onlyIfBillable") }]
      : []),
    ...(rule.absorbedBy ?? []).map((parent) => ({
      what: `${parent.rule} explains nothing`,
      rule: { ...rule, absorbedBy: (rule.absorbedBy ?? []).filter((p) => p !== parent) },
    })),
  ].map((m): Mutation => ({ rule: rule.id, what: m.what, with: { rules: withChildren(m.rule, rule) } }));
  // A rule about whole sides claims every comparison; how those compare is what the other rules are tested for.
  if (rule.per !== "key") return ofRule;
  const ofComparisons = [
    ...claimed.flatMap(({ claim, comparison }) => fieldMutations(claim, comparison)),
    ...comparisons.filter(hasSides).map((c) => ({ what: `sides swapped (${c.id})`, comparison: swapped(c) })),
  ].map((m): Mutation => ({ rule: rule.id, what: m.what, with: { comparison: m.comparison } }));
  const ofViews = [...new Set(comparisons.flatMap((c) => [c.left.view, c.right.view]))].flatMap(
    (view): Mutation[] => {
      const m = deletesIgnored(view);
      return m ? [{ rule: rule.id, what: m.what, with: { view: m.view } }] : [];
    },
  );
  return [...ofRule, ...ofComparisons, ...ofViews];
}

/** A rule that no longer claims what explains others' failures explains them no longer; the catalogue would not hold together else. */
function withChildren(broken: Rule, rule: Rule): Rule[] {
  const stillClaims = (p: Parent) =>
    p.rule !== rule.id ||
    broken.claims.some((c) => c.comparison === p.comparison && c.kinds.includes(p.kind));
  const children = RULES.filter((r) => r.id !== rule.id && r.absorbedBy?.some((p) => !stillClaims(p)));
  return [broken, ...children.map((r) => ({ ...r, absorbedBy: (r.absorbedBy ?? []).filter(stillClaims) }))];
}

function claimMutations(rule: Rule, claim: Claim): { what: string; rule: Rule }[] {
  const replaced = (by: Claim) => ({ ...rule, claims: rule.claims.map((c) => (c === claim ? by : c)) });
  const name = `${claim.kinds.join(", ")}${claim.fields ? ` on ${claim.fields.join(", ")}` : ""} (${claim.comparison})`;
  return [
    { what: `claim dropped: ${name}`, rule: { ...rule, claims: rule.claims.filter((c) => c !== claim) } },
    { what: `settle time ignored: ${name}`, rule: replaced({ ...claim, settle: "0s" }) },
  ];
}

/** Of a rule about whole sides: each kind, wherever it is claimed. */
function sideClaims(rule: Rule): { what: string; rule: Rule }[] {
  return [...new Set(rule.claims.flatMap((c) => c.kinds))].map((kind) => ({
    what: `claims dropped: ${kind}`,
    rule: {
      ...rule,
      claims: rule.claims
        .map((c) => ({ ...c, kinds: c.kinds.filter((k) => k !== kind) }))
        .filter((c) => c.kinds.length > 0),
    },
  }));
}

function moneyMutations(rule: Rule): { what: string; rule: Rule }[] {
  const { money } = rule;
  if (money.basis === "none") return [];
  const { items, plus } = money;
  const given = (what: string, by: Partial<Extract<Money, { basis: "money" }>>) => ({
    what: `money: ${what}`,
    rule: { ...rule, money: { ...money, ...by } },
  });
  return [
    // Twice nothing is nothing.
    ...(items && !/^toDecimal64\(0, /.test(items.atStake)
      ? [
          given("twice what of an item is at stake", {
            items: { ...items, atStake: `(${items.atStake}) * 2` },
          }),
        ]
      : []),
    ...(items?.where ? [given("condition on the items dropped", { items: without(items, "where") })] : []),
    ...(items?.uninvoiced
      ? [given("invoiced items count too", { items: without(items, "uninvoiced") })]
      : []),
    ...(items?.unposted ? [given("posted items count too", { items: without(items, "unposted") })] : []),
    ...(plus ? [given("twice what comes beside the items", { plus: `(${plus}) * 2` })] : []),
  ];
}

/** The least that a measure can differ by, as the store keeps it. */
const STEP = "0.0001";

function fieldMutations(claim: Claim, comparison: Comparison): { what: string; comparison: Comparison }[] {
  if (!claim.kinds.includes("mismatch")) return [];
  const fields = comparison.fields.filter((f) => (claim.fields ?? [f.name]).includes(f.name));
  return fields.flatMap((field) => {
    const given = (what: string, by: Field) => ({
      what: `${field.name}: ${what} (${comparison.id})`,
      comparison: { ...comparison, fields: comparison.fields.map((f) => (f === field ? by : f)) },
    });
    const { tolerance, as } = field;
    const loose = as === "measure" ? "999999" : "9999";
    return [
      ...(tolerance === undefined
        ? []
        : [
            // Just under the tolerance agrees and the tolerance itself no longer does.
            given("the boundary no longer agrees", {
              ...field,
              tolerance: as === "date" ? subtract(tolerance, "1") : subtract(tolerance, STEP),
            }),
            given("twice the tolerance", {
              ...field,
              tolerance: as === "date" ? add(tolerance, tolerance) : multiply(tolerance, "2"),
            }),
          ]),
      given(
        "never differs",
        as === "attribute" ? { ...field, lackedBy: ["left"] } : { ...field, tolerance: loose },
      ),
      ...(field.normalise ? [given("compared letter by letter", without(field, "normalise"))] : []),
    ];
  });
}

/** Whether any rule says of one side what it does not say of the other; where none does, the sides swapped are the same comparison. */
function hasSides({ id }: Comparison): boolean {
  return RULES.filter((r) => r.per === "key").some((rule) =>
    rule.claims.some(
      (c) =>
        c.comparison === id &&
        (c.kinds.some((kind) => kind === "missing_left" || kind === "missing_right") ||
          /\b(left|right)\b/.test(JSON.stringify(rule.money))),
    ),
  );
}

function swapped(comparison: Comparison): Comparison {
  return { ...comparison, left: comparison.right, right: comparison.left };
}

/** A side's view in which what was deleted is still there. */
function deletesIgnored(view: string): { what: string; view: { file: string; sql: string } } | undefined {
  const file = `${view}.sql`;
  const sql = readFileSync(join(sqlDir(), "views", file), "utf8");
  const kept = sql.replace(/\b(\w+\.)?is_deleted = 0\b/g, "1 = 1");
  if (kept !== sql) return { what: `deleted records count (${view})`, view: { file, sql: kept } };
  const all = sql.replace(/^(\s*)\S.*\bAS present,$/m, "$11 AS present,");
  return all === sql ? undefined : { what: `every record is present (${view})`, view: { file, sql: all } };
}

function without<T extends object, K extends keyof T>(of: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = of;
  return rest;
}
