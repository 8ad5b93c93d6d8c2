/** Rules and comparisons in a person's words: for the rule page, the evidence of an exception and docs/rules.md. */
import { multiply } from "#core/decimal";
import { ROLE_NAMES } from "#core/roles";
import { durationMs, sayDuration } from "#core/time";
import { type Comparison, type Field, fieldOf } from "./comparison.ts";
import { COMPARISONS } from "./comparisons/index.ts";
import type { Claim, Rule } from "./rule.ts";

/** The comparison with this id, or undefined. */
export function comparisonById(id: string): Comparison | undefined {
  return COMPARISONS.find((c) => c.id === id);
}

/** "hours (± 0.01)", "start date (± 1 day)", "project". */
export function sayField(field: Field): string {
  const unit = field.as === "date" ? (field.tolerance === "1" ? " day" : " days") : "";
  const amount = field.tolerance === undefined ? [] : [`± ${field.tolerance}${unit}`];
  const share = field.relative === undefined ? [] : [`± ${multiply(field.relative, "100")} %`];
  const parts = [...amount, ...share];
  if (parts.length === 0) return field.label;
  return `${field.label} (${parts.join(" or ")}${parts.length > 1 ? ", the wider" : ""})`;
}

/** What an empty value means for agreement. A field that no source of a side holds at all is left out of the comparison instead. */
export function sayEmpty(field: Field): string {
  return field.as === "measure"
    ? "no amount counts as 0"
    : `empty on both sides agrees, empty on one differs${field.as === "date" ? " whatever the tolerance" : ""}`;
}

/**
 * What one claim of a rule demands, as a sentence.
 * @param compared the fields that were compared, where some were left out
 */
export function sayClaim(claim: Claim, comparison: Comparison, compared?: readonly string[]): string {
  const left = ROLE_NAMES[comparison.left.role];
  const right = ROLE_NAMES[comparison.right.role];
  const fields = (claim.fields ?? comparison.fields.map((f) => f.name))
    .filter((f) => compared === undefined || compared.includes(f))
    .map((f) => sayField(fieldOf(comparison, f)));
  const kinds = claim.kinds.filter((kind) => kind !== "mismatch" || fields.length > 0);
  if (kinds.length === 0) return "";
  const parts = kinds.map((kind) => {
    if (kind === "missing_right")
      return `For each ${comparison.left.noun} in the ${left}, the ${right} must hold a ${comparison.right.noun}.`;
    if (kind === "missing_left")
      return `For each ${comparison.right.noun} in the ${right}, the ${left} must hold an ${comparison.left.noun}.`;
    if (kind === "mismatch")
      return `Where the ${left} has one ${comparison.left.noun} and the ${right} one ${comparison.right.noun}, they must agree on ${listOf(fields)}.`;
    if (kind === "duplicate_key") {
      const where =
        claim.repeated === "right"
          ? `The ${right}`
          : claim.repeated === "left"
            ? `The ${left}`
            : `Neither the ${left} nor the ${right}`;
      return claim.repeated
        ? `${where} must not hold a key more than once (${comparison.title.toLowerCase()}).`
        : `${where} may hold a key more than once (${comparison.title.toLowerCase()}).`;
    }
    return `Every record must name its partner in the other system (${comparison.title.toLowerCase()}).`;
  });
  return `${parts.join(" ")} It counts once nothing has changed for ${sayDuration(durationMs(claim.settle))}.`;
}

/**
 * The whole rule in a few sentences; for one comparison only, when given, and of it the fields that were compared.
 * @param comparisons with the tolerances in force; as released when left out
 */
export function explainRule(
  rule: Rule,
  comparison?: string,
  compared?: readonly string[],
  comparisons: readonly Comparison[] = COMPARISONS,
): string {
  const claims = rule.claims.filter((c) => comparison === undefined || c.comparison === comparison);
  const sentences = claims
    .map((claim) => {
      const found = comparisons.find((c) => c.id === claim.comparison);
      return found ? sayClaim(claim, found, compared) : "";
    })
    .filter((sentence) => sentence !== "");
  const own =
    rule.id === "SYS-01"
      ? [
          "Every stream must have been read completely within the age its source allows, and no side may be empty or lose more than half of its rows at once.",
        ]
      : rule.id === "SYS-02"
        ? ["For each closed day, the store must hold as many records as the source counts."]
        : [];
  return [...own, ...sentences, sayOpening(rule), sayBlocking(rule)].join(" ");
}

function sayOpening(rule: Rule): string {
  return rule.severity === 1
    ? "Opens at the first failing run."
    : "Opens at the second failing run in a row.";
}

function sayBlocking(rule: Rule): string {
  if (rule.blocks === "no") return "Blocks no invoice.";
  const lines = rule.onlyIfBillable ? " A line that is not billable blocks nothing." : "";
  return `${rule.blocks === "hard" ? "Blocks the invoice." : "Holds up the invoice unless someone overrides it."}${lines}`;
}

function listOf(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
