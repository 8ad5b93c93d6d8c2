/** What a comparison's keys are, and what is done where one finds nothing, in a person's words. */
import type { Entity } from "#core/entities";
import { ALIKE_PCT, type Comparison, type FailingKind, type FallbackWay } from "./comparison.ts";
import type { Rule } from "./rule.ts";

/** What all systems know a record by (core/entities.ts). */
const KEYS: Readonly<Record<Entity, string>> = {
  customer: "the client's id in the CRM",
  opportunity: "the sale's id in the CRM",
  contract: "the contract's id in the CRM",
  project: "the project's id in the PSA",
  task: "the task's id in the PSA",
  resource: "the employee number",
  assignment: "the assignment's id in the PSA",
  rate_card: "its own id",
  rate_line: "its own id",
  time_entry: "the time line's id in the PSA",
  milestone: "the milestone's id in the PSA",
  expense: "the expense's id in the PSA",
  invoice: "the invoice's id in the ERP",
  invoice_line: "its own id",
};

const UNPAIRED: ReadonlySet<FailingKind> = new Set(["missing_left", "missing_right", "unlinked"]);

/** "the client's id in the CRM". */
export function sayKey(comparison: Comparison): string {
  return comparison.keyedBy ?? KEYS[comparison.entity];
}

/** "the same tax number; or a name at least 92 % alike"; "" where there is none. */
export function sayFallback({ fallback }: Comparison): string {
  return (fallback?.ways ?? []).map(sayWay).join("; or ");
}

function sayWay({ words, alike, agree }: FallbackWay): string {
  const name = alike ? `a name at least ${ALIKE_PCT} % alike` : "";
  const parts = [name, words].filter((part) => part !== "").join(" and ");
  return agree ? `${parts} with no other ${agree.replaceAll("_", " ")}` : parts;
}

/**
 * The key of each comparison that a rule about single records claims, each said once; with the fallback where it claims what finds no
 * partner.
 */
export function keysOf(rule: Rule, comparisons: readonly Comparison[]): string[] {
  if (rule.per !== "key") return [];
  const lines = rule.claims.flatMap((claim) => {
    const comparison = comparisons.find((c) => c.id === claim.comparison);
    if (!comparison) return [];
    const fallback = claim.kinds.some((kind) => UNPAIRED.has(kind)) ? sayFallback(comparison) : "";
    return `${sayKey(comparison)}${fallback === "" ? "" : `. Where it finds nothing, ${fallback} suggests the record, which a person then links`}`;
  });
  return [...new Set(lines)];
}
