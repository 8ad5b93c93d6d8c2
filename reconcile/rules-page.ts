/** docs/rules.md: the catalogue for people who read no TypeScript. */
import { COMPARISONS } from "./comparisons/index.ts";
import { explainRule, sayEmpty, sayField } from "./explain.ts";
import { releasedRecords } from "./governance/describe.ts";
import { isFixed, tolerancesOf } from "./governance/overrides.ts";
import { keysOf } from "./key-words.ts";
import type { Rule } from "./rule.ts";
import { notYet } from "./rules/not-yet.ts";
import { runbookOf } from "./runbooks/index.ts";

const INTRODUCTION = `# Rules

Generated from the catalogue by \`node --import tsx reconcile/print-rules.ts\`. Equal to the tolerance still agrees. An empty value on
both sides agrees and one on one side differs; an amount that is not there counts as 0. A field that no source of a side holds is not
compared, and a record that is not there at all is missing, which is never a difference.

Records are matched by the agreed key alone. What is said to suggest a partner where the key finds none is for people: a likely partner
is never taken for a certain one. "In good order" is how many keys in a thousand may fail in a firm in good order; far more points at the rule
or at a link. Severity is the rule's own; the configuration may raise it by one for money, age or a cutoff that is near. What may be
changed of a rule, and how a change comes into force, is in [cli.md](cli.md#rules).
`;

export function catalogueMarkdown(rules: readonly Rule[]): string {
  const missing = notYet(rules);
  return [INTRODUCTION, ...rules.map(section), ...(missing.length > 0 ? [missingSection(missing)] : [])].join(
    "\n",
  );
}

function section(rule: Rule): string {
  const book = runbookOf(rule);
  const compared = rule.claims
    .filter((c) => c.kinds.includes("mismatch"))
    .flatMap((claim) =>
      (COMPARISONS.find((c) => c.id === claim.comparison)?.fields ?? []).filter(
        (f) => claim.fields === undefined || claim.fields.includes(f.name),
      ),
    );
  const fields = [...new Map(compared.map((f) => [f.name, f])).values()];
  const knobs = isFixed(rule) ? null : tolerancesOf(rule, COMPARISONS).map((f) => f.name);
  const changeable =
    knobs === null
      ? "nothing: other rules rest on it"
      : ["settle time", "severity", "blocking", ...knobs.map((name) => `tolerance of \`${name}\``)].join(
          ", ",
        );
  return [
    `## ${rule.id} ${rule.title}`,
    "",
    rule.because,
    "",
    explainRule(rule),
    "",
    `- Severity ${rule.severity}, answered for by ${rule.owner}, version ${rule.version}`,
    ...keysOf(rule, COMPARISONS).map((line) => `- Key: ${line}`),
    `- Money at stake: ${rule.money.basis === "none" ? "none" : rule.money.words}`,
    ...(rule.absorbedBy
      ? [
          `- Not opened on its own while ${[...new Set(rule.absorbedBy.map((p) => p.rule))].join(" or ")} explains it`,
        ]
      : []),
    ...(fields.length > 0
      ? [`- Compared: ${fields.map((f) => `${sayField(f)}: ${sayEmpty(f)}`).join("; ")}`]
      : []),
    ...(rule.per === "key"
      ? [`- Who is right, unless configured otherwise: ${releasedRecords(rule).join(" ")}`]
      : []),
    `- A block is lifted by: ${book.hold === "commercial" ? "whoever decided to hold; correcting records does not" : "correcting the records"}`,
    ...(book.perThousand === undefined ? [] : [`- In good order: at most ${book.perThousand} in a thousand`]),
    `- May be changed: ${changeable}`,
    `- Put right by: ${rule.remedy ?? "a person, in the system itself"}`,
    "",
    ...book.steps.map((step, n) => `${n + 1}. ${step}`),
    "",
  ].join("\n");
}

function missingSection(missing: readonly { id: string; name: string; reason: string }[]): string {
  return [
    "## Rules not done yet",
    "",
    "| id | what it would find | why not yet |",
    "|---|---|---|",
    ...missing.map((m) => `| ${m.id} | ${m.name} | ${m.reason} |`),
    "",
  ].join("\n");
}
