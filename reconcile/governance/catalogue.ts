/** The rules as they are in force: the release's, with what the tenant changed, without what is retired. */
import { type RuleInForce, rulesInForce } from "#sql/queries/rules";
import type { Store } from "#sql/store";
import type { Comparison } from "../comparison.ts";
import { COMPARISONS } from "../comparisons/index.ts";
import type { Rule } from "../rule.ts";
import { RULES } from "../rules/index.ts";
import { changedComparisons, changedRule, type Override, UNCHANGED } from "./overrides.ts";

export interface Catalogue {
  rules: readonly Rule[];
  comparisons: readonly Comparison[];
}

/** As the release has it. */
export const AS_RELEASED: Catalogue = { rules: RULES, comparisons: COMPARISONS };

/** The rules in force. A rule the store knows nothing of yet is as released. `released` is the release's own; others only in tests. */
export async function catalogueInForce(store: Store, released: Catalogue = AS_RELEASED): Promise<Catalogue> {
  return catalogueOf(await store.query(rulesInForce, {}), released);
}

/** The catalogue that versions in force make. `released` is the release's own; others only in tests. */
export function catalogueOf(inForce: readonly RuleInForce[], released: Catalogue = AS_RELEASED): Catalogue {
  const known = new Map(inForce.map((r) => [r.rule, r]));
  const stateOf = (id: string) => known.get(id)?.state ?? "active";
  let comparisons = released.comparisons;
  const rules: Rule[] = [];
  for (const rule of released.rules) {
    const held = known.get(rule.id);
    if (stateOf(rule.id) === "retired") continue;
    const change = held ? readOverride(held.overrides) : UNCHANGED;
    comparisons = changedComparisons(rule, change, comparisons);
    // A parent nobody is shown explains nothing: its children open on their own, unless they are in shadow themselves.
    const parents = rule.absorbedBy?.filter(
      (p) => stateOf(p.rule) === "active" || (stateOf(p.rule) === "shadow" && stateOf(rule.id) === "shadow"),
    );
    const { absorbedBy: _, ...own } = changedRule(rule, change);
    rules.push({
      ...own,
      ...(parents === undefined || parents.length === 0 ? {} : { absorbedBy: parents }),
      version: held?.version ?? rule.version,
    });
  }
  return { rules, comparisons };
}

/** A stored change; it was checked when it was written. */
export function readOverride(text: string): Override {
  return JSON.parse(text) as Override;
}
