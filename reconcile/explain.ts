/** Rules and comparisons in a person's words: for the rule page, the evidence of an exception and docs/rules.md. */
import { ROLE_NAMES } from "#core/roles";
import { durationMs, sayDuration } from "#core/time";
import { type Comparison, type Field, fieldOf } from "./comparison.ts";
import { COMPARISONS } from "./comparisons/index.ts";
import { keyLines } from "./key-words.ts";
import type { Claim, Rule } from "./rule.ts";

/** The comparison with this id, or undefined. */
export function comparisonById(id: string): Comparison | undefined {
  return COMPARISONS.find((c) => c.id === id);
}

/** "hours (± 0.01)", "start date (± 1 day)", "project". */
export function sayField(field: Field): string {
  const unit = field.as === "date" ? (field.tolerance === "1" ? " day" : " days") : "";
  const bounds = [
    ...(field.tolerance === undefined ? [] : [`± ${field.tolerance}${unit}`]),
    ...(field.tolerancePct === undefined ? [] : [`± ${field.tolerancePct} %`]),
    ...(field.emptyAgrees ? ["where both name one"] : []),
  ];
  return bounds.length === 0 ? field.label : `${field.label} (${bounds.join(", ")})`;
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
      return `For each ${comparison.left.noun} in the ${left}, the ${right} must hold ${anyOf(comparison.right.noun)}.`;
    if (kind === "missing_left")
      return `For each ${comparison.right.noun} in the ${right}, the ${left} must hold ${anyOf(comparison.left.noun)}.`;
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

/** What the gates demand: they rest on no comparison. */
const GATE_SENTENCES: Readonly<Record<string, readonly string[]>> = {
  "SYS-01": [
    "Every stream must have been read completely within the age its source allows, and no side may be empty or lose more than half of its rows at once.",
  ],
  "SYS-02": ["For each closed day, the store must hold as many records as the source counts."],
  "SYS-04": [
    "In the last seven days, a compared field must not have been changed by a person, or by a writer the source does not list as known, in a system that is not its system of record. Plumbline's own pushes do not count, nor does a value set for the first time.",
  ],
  "SYS-05": [
    "No compared field of a record may go back and forth between two values three times within 24 hours by the hand of two writers or more; Plumbline's own pushes count as one. Until 24 hours after the last time, pushes to that field are refused.",
  ],
  "SYS-06": [
    "No record may be dated later than it was read by more than the source's clock may run ahead, and every field that records are translated from must be there, with the kind of value it has always had (a change of kind is told for seven days).",
  ],
  "SYS-07": [
    "The outcome of every push must be known, and what it wrote must have been read back within three times the age its source allows. A record whose creation is uncertain is never created again by itself.",
  ],
};

/** The whole rule in a few sentences; for one comparison only, when given, and of it the fields that were compared. */
export function explainRule(rule: Rule, comparison?: string, compared?: readonly string[]): string {
  const claims = rule.claims.filter((c) => comparison === undefined || c.comparison === comparison);
  const sentences = claims
    .map((claim) => {
      const found = comparisonById(claim.comparison);
      return found ? sayClaim(claim, found, compared) : "";
    })
    .filter((sentence) => sentence !== "");
  const own = GATE_SENTENCES[rule.id] ?? [];
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

/** "an approved expense", "a project". */
function anyOf(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

function listOf(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** docs/rules.md: the catalogue for people who read no TypeScript. */
export function catalogueMarkdown(rules: readonly Rule[]): string {
  const sections = rules.map((rule) => {
    const claimed = rule.claims.flatMap((claim) => {
      const comparison = comparisonById(claim.comparison);
      return comparison ? [{ claim, comparison }] : [];
    });
    return [
      `## ${rule.id} ${rule.title}`,
      "",
      rule.because,
      "",
      explainRule(rule),
      "",
      `- Severity ${rule.severity}, answered for by ${rule.owner}, version ${rule.version}`,
      ...keyLines(claimed).map((line) => `- Key: ${line}`),
      `- Money at stake: ${rule.money.basis === "none" ? "none" : rule.money.words}`,
      ...(rule.absorbedBy
        ? [`- Not opened on its own while ${rule.absorbedBy.map((p) => p.rule).join(" or ")} explains it`]
        : []),
      `- Put right by: ${rule.remedy ?? "a person, in the system itself"}`,
      "",
    ].join("\n");
  });
  return `# Rules\n\nGenerated from the catalogue by \`node --import tsx reconcile/print-rules.ts\`. Equal to the tolerance still agrees.\n\n${sections.join("\n")}`;
}
