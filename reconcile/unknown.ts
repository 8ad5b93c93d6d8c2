/** What could not be compared at the newest runs: figures that rest on it are said to be unknown, not sound. */
import type { PlumblineConfig } from "#core/config";
import { latestRuns } from "#sql/queries/runs";
import type { Store } from "#sql/store";
import { applicable, type KnownSource } from "./applicable.ts";
import type { Comparison } from "./comparison.ts";
import { COMPARISONS } from "./comparisons/index.ts";
import { type Component, componentOf } from "./margin-integrity.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules/index.ts";

/** Kinds of billable items, as the view billable_item names them. */
export const ITEM_KINDS = ["time", "expense", "milestone"] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

export interface Unknown {
  /** Kinds of items that a rule which blocks invoices could not look at. */
  kinds: ItemKind[];
  /** Components of margin integrity some rule of which could not be evaluated. */
  components: ReadonlySet<Component>;
  /** Components that some rule looks at, with the sources there are. */
  looked: ReadonlySet<Component>;
}

/** A comparison is unknown when its newest run was inconclusive or failed, or there was none yet. */
export async function readUnknown(
  store: Store,
  config: PlumblineConfig,
  sources: readonly KnownSource[],
): Promise<Unknown> {
  const known = sources.length === 0 ? undefined : sources;
  const status = new Map((await store.query(latestRuns, {})).map((r) => [r.comparison, r.status]));
  const made = COMPARISONS.filter((c) => applicable(c, RULES, config, known).applies);
  const held = made.filter((c) => !["clean", "exceptions"].includes(status.get(c.id) ?? ""));
  return unknownOf(RULES, made, held);
}

/** @param made the comparisons the sources can feed; @param held those of them that concluded nothing */
export function unknownOf(
  rules: readonly Rule[],
  made: readonly Comparison[],
  held: readonly Comparison[],
): Unknown {
  const claiming = (comparisons: readonly Comparison[]) =>
    rules.filter((r) => r.claims.some((claim) => comparisons.some((c) => c.id === claim.comparison)));
  const components = (of: readonly Rule[]) =>
    new Set(of.map((r) => componentOf(r.id)).filter((c) => c !== null));
  const blocking = held.filter((c) => claiming([c]).some((r) => r.per === "key" && r.blocks === "hard"));
  return {
    kinds: ITEM_KINDS.filter((kind) => blocking.some((c) => kindsOf(c).includes(kind))),
    components: components(claiming(held)),
    looked: components(claiming(made)),
  };
}

/** Which items a comparison is about: those of its own kind, or all that hang on a client, contract or project. */
function kindsOf(comparison: Comparison): readonly ItemKind[] {
  switch (comparison.entity) {
    case "expense":
    case "milestone":
      return [comparison.entity];
    case "time_entry":
    case "rate_line":
    case "rate_card":
    case "assignment":
    case "task":
    case "resource":
      return ["time"];
    default:
      return ITEM_KINDS;
  }
}
