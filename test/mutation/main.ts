/**
 * `npm run mutate`: breaks each rule in turn, in a copy of the project, and shows that a test notices. What no test notices is a
 * survivor, and the command fails. A rule whose tests fail unbroken is reported and not tried.
 */
import { Command } from "commander";
import { RULES } from "#reconcile/rules/index";
import { type Mutation, mutationsOf } from "./mutations.ts";
import { openScratch } from "./scratch.ts";
import { testsOf, tryTests } from "./trial.ts";

const program = new Command("mutate")
  .description("Break each rule in turn and show that a test notices")
  .option("--rules <ids>", "only these rules, separated by commas")
  .option("--only <words>", "only mutations whose description contains this")
  .option("--list", "print the mutations and try none")
  .option("--json", "print one JSON object as the last line")
  .parse();
const options = program.opts<{ rules?: string; only?: string; list?: boolean; json?: boolean }>();
const wanted = options.rules?.split(",").map((id) => id.trim());
const unknown = wanted?.filter((id) => !RULES.some((r) => r.id === id)) ?? [];
if (unknown.length > 0) program.error(`There is no rule ${unknown.join(", ")}.`);
const isAsked = (m: Mutation) => m.what.includes(options.only ?? "");
const planned = RULES.filter((r) => wanted?.includes(r.id) ?? true).map((rule) => ({
  rule,
  mutations: mutationsOf(rule).filter(isAsked),
}));

if (options.list) {
  for (const { mutations } of planned)
    for (const m of mutations) process.stdout.write(`${m.rule}  ${m.what}\n`);
  process.exit(0);
}

interface Outcome {
  rule: string;
  what: string;
  /** `untested`: its tests could not be run, or fail without it too. */
  outcome: "killed" | "survived" | "untested";
  /** The first test that noticed, or why it was not tried. */
  by: string;
}

const root = process.cwd();
const scratch = openScratch(root);
const outcomes: Outcome[] = [];
const baselines = new Map<string, string>();
const note = (o: Outcome) => {
  outcomes.push(o);
  process.stderr.write(`${o.outcome.padEnd(8)}  ${o.rule}  ${o.what}${o.by && `  <- ${o.by}`}\n`);
};
try {
  for (const { rule, mutations } of planned) {
    if (mutations.length === 0) continue;
    const files = testsOf(root, rule.id);
    const trouble = files.length === 0 ? "No test names the rule." : await baseline(files);
    for (const m of mutations) {
      if (trouble !== "") {
        note({ rule: m.rule, what: m.what, outcome: "untested", by: trouble });
        continue;
      }
      scratch.apply(m);
      const trial = await tryTests(scratch.dir, files);
      scratch.apply(undefined);
      const [first] = trial.ran ? trial.failed : [];
      note({
        rule: m.rule,
        what: m.what,
        outcome: !trial.ran ? "untested" : first ? "killed" : "survived",
        by: trial.ran ? (first ?? "") : trial.why,
      });
    }
  }
} finally {
  scratch.remove();
}

/** Why the tests do not pass unbroken; '' when they do. */
async function baseline(files: readonly string[]): Promise<string> {
  const known = baselines.get(files.join());
  if (known !== undefined) return known;
  const trial = await tryTests(scratch.dir, files);
  const trouble = !trial.ran ? trial.why : trial.failed[0] ? `Fails unbroken: ${trial.failed[0]}` : "";
  baselines.set(files.join(), trouble);
  return trouble;
}

const of = (outcome: Outcome["outcome"]) => outcomes.filter((o) => o.outcome === outcome);
process.stdout.write("| rule | mutation | outcome | noticed by |\n|---|---|---|---|\n");
for (const o of outcomes)
  process.stdout.write(`| ${o.rule} | ${o.what} | ${o.outcome} | ${o.by.split("\n")[0]} |\n`);
process.stdout.write(
  `${outcomes.length} mutations: ${of("killed").length} killed, ${of("survived").length} survived, ${of("untested").length} untested\n`,
);
if (options.json)
  process.stdout.write(
    `${JSON.stringify({ mutations: outcomes.length, killed: of("killed").length, survivors: of("survived"), untested: of("untested") })}\n`,
  );
process.exit(of("killed").length === outcomes.length ? 0 : 1);
