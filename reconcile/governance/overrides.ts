/**
 * What a tenant may change of a rule (tolerances, settle time, severity, blocking), and what makes a version of it: everything that
 * decides what the rule finds and what a finding means. Words for people are no part of a version.
 */
import { sha256 } from "#core/ids";
import { durationMs } from "#core/time";
import type { Comparison, Field } from "../comparison.ts";
import type { Blocking, Rule, Severity } from "../rule.ts";

/** As the configuration has it. Empty means: as it comes. */
export interface Override {
  /** Field → most that still agrees. */
  tolerance?: Readonly<Record<string, string>> | undefined;
  settle?: string | undefined;
  severity?: Severity | undefined;
  blocks?: Blocking | undefined;
}

export const UNCHANGED: Override = {};

/** The fields of a rule whose tolerance may be changed: measures and dates that it claims a difference of. */
export function tolerancesOf(rule: Rule, comparisons: readonly Comparison[]): Field[] {
  const found = new Map<string, Field>();
  for (const [, field] of claimedFields(rule, comparisons))
    if (field.as !== "attribute" && !found.has(field.name)) found.set(field.name, field);
  return [...found.values()];
}

/** The gates and what is about a whole side are the engine's own: nothing may be concluded without them. */
export function isFixed(rule: Rule): boolean {
  return rule.per !== "key";
}

function claimedFields(rule: Rule, comparisons: readonly Comparison[]): [string, Field][] {
  return rule.claims
    .filter((claim) => claim.kinds.includes("mismatch"))
    .flatMap((claim) =>
      (comparisons.find((c) => c.id === claim.comparison)?.fields ?? [])
        .filter((f) => claim.fields === undefined || claim.fields.includes(f.name))
        .map((f): [string, Field] => [claim.comparison, f]),
    );
}

/** The rule as changed. Its version is the caller's to set. */
export function changedRule(rule: Rule, { settle, severity, blocks }: Override): Rule {
  return {
    ...rule,
    ...(severity === undefined ? {} : { severity }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(settle === undefined ? {} : { claims: rule.claims.map((claim) => ({ ...claim, settle })) }),
  };
}

/** The comparisons with the tolerances that a rule's change asks for; only on fields that the rule claims. */
export function changedComparisons(
  rule: Rule,
  { tolerance = {} }: Override,
  comparisons: readonly Comparison[],
): readonly Comparison[] {
  const own = claimedFields(rule, comparisons).filter(([, f]) => Object.hasOwn(tolerance, f.name));
  if (own.length === 0) return comparisons;
  return comparisons.map((c) => {
    const names = own.filter(([id]) => id === c.id).map(([, f]) => f.name);
    if (names.length === 0) return c;
    return {
      ...c,
      fields: c.fields.map((f) => {
        if (!names.includes(f.name)) return f;
        // What a person sets is what counts: a percentage that came with the field would widen it unseen.
        const { tolerancePct: _, ...plain } = f;
        return { ...plain, tolerance: tolerance[f.name] ?? "0" };
      }),
    };
  });
}

/** The same text for the same change, however it was written: keys in order, what changes nothing left out. */
export function overrideText(change: Override): string {
  const tolerance = Object.entries(change.tolerance ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({
    ...(tolerance.length > 0 ? { tolerance: Object.fromEntries(tolerance) } : {}),
    ...(change.settle === undefined ? {} : { settle: change.settle }),
    ...(change.severity === undefined ? {} : { severity: change.severity }),
    ...(change.blocks === undefined ? {} : { blocks: change.blocks }),
  });
}

/** What the rule means, as a hash: equal for two versions that find the same and say the same of it. */
export function meaningOf(rule: Rule, comparisons: readonly Comparison[]): string {
  const fields = claimedFields(rule, comparisons).map(([comparison, f]) => [
    comparison,
    f.name,
    f.as,
    f.tolerance ?? "",
    f.tolerancePct ?? "",
    f.emptyAgrees ?? false,
    f.normalise ?? "",
  ]);
  const claims = rule.claims.map((c) => [
    c.comparison,
    c.kinds,
    c.fields ?? null,
    c.repeated ?? "",
    durationMs(c.settle),
  ]);
  const { severity, blocks, onlyIfBillable, per, money, absorbedBy } = rule;
  const worth = money.basis === "money" ? { ...money, words: "" } : money;
  const parents = (absorbedBy ?? []).map((p) => [p.rule, p.comparison, p.kind, p.on]);
  return sha256(
    JSON.stringify([severity, blocks, onlyIfBillable ?? false, per, claims, fields, worth, parents]),
  );
}

/** The change in a person's words: "tolerance of hours 0.02, settles 6h". */
export function sayOverride(change: Override): string {
  const parts = [
    ...Object.entries(change.tolerance ?? {}).map(([field, value]) => `tolerance of ${field} ${value}`),
    ...(change.settle === undefined ? [] : [`settles ${change.settle}`]),
    ...(change.severity === undefined ? [] : [`severity ${change.severity}`]),
    ...(change.blocks === undefined ? [] : [`blocks ${change.blocks}`]),
  ];
  return parts.length === 0 ? "as it comes" : parts.join(", ");
}
