/**
 * `npm run mutate`: breaks each rule in turn and shows that it is noticed: by the answer sheet of a planted firm, as the oracle's test
 * holds it, or else by a test that names the rule, run in a copy of the project. What nothing notices is a survivor, and the command
 * fails. A rule whose tests fail unbroken is reported and not tried.
 */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import { sayError, TransientError } from "#core/errors";
import { RULES, ruleById } from "#reconcile/rules/index";
import { type AnswerSheet, openAnswerSheet } from "./answer-sheet.ts";
import { explanationOf } from "./explained.ts";
import { type Mutation, mutationsOf } from "./mutations.ts";
import { openScratch } from "./scratch.ts";
import { testsOf, tryTests } from "./trial.ts";

const program = new Command("mutate")
  .description("Break each rule in turn and show that a test notices")
  .option("--rules <ids>", "only these rules, separated by commas")
  .option("--only <words>", "only mutations whose description contains this")
  .option("--answers", "only hold against the answer sheet, which takes minutes and not hours")
  .option(
    "--left-by <file>",
    "only what an earlier run with --answers --json left over, straight to the rules' tests",
  )
  .option("--list", "print the mutations and try none")
  .option("--json", "print one JSON object as the last line")
  .parse();
const options = program.opts<{
  rules?: string;
  only?: string;
  answers?: boolean;
  leftBy?: string;
  list?: boolean;
  json?: boolean;
}>();
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
  /** `untested`: its tests could not be run, or fail without it too. `explained`: nothing could notice it. */
  outcome: "killed" | "explained" | "survived" | "untested";
  /** What noticed first, or why it was not tried. */
  by: string;
}

const root = process.cwd();
const outcomes: Outcome[] = [];
const note = (given: Outcome) => {
  const why = given.outcome === "survived" ? explanationOf(given) : "";
  const o: Outcome = why === "" ? given : { ...given, outcome: "explained", by: why };
  outcomes.push(o);
  process.stderr.write(`${o.outcome.padEnd(9)}  ${o.rule}  ${o.what}${o.by && `  <- ${o.by}`}\n`);
};
const asked = planned.flatMap((p) => p.mutations);
const left = options.leftBy ? asked.filter(leftBy(options.leftBy)) : await holdAgainstAnswers(asked);
if (options.answers) for (const m of left) note({ ...named(m), outcome: "survived", by: "" });
else await tryRuleTests(left);

/** Notes what a planted firm's answer sheet notices, and returns the rest. */
async function holdAgainstAnswers(mutations: readonly Mutation[]): Promise<Mutation[]> {
  const sheet = await openAnswerSheet();
  const rest: Mutation[] = [];
  const sound = new Map<string, string>();
  const ofSettling = (m: Mutation) => m.what.startsWith("settle time ignored");
  const inOrder = [...mutations].sort((a, b) => Number(ofSettling(a)) - Number(ofSettling(b)));
  const turning = inOrder.find(ofSettling);
  try {
    for (const m of inOrder) {
      if (m === turning) await sheet.freshen();
      const rule = ruleById(m.rule);
      const comparisons = rule?.per === "key" ? [...new Set(rule.claims.map((c) => c.comparison))] : [];
      const key = comparisons.join();
      if (!sound.has(key)) sound.set(key, await sheet.notice(comparisons, undefined));
      const trouble = sound.get(key);
      if (trouble) process.stderr.write(`The answer sheet cannot judge ${m.rule}: ${trouble}\n`);
      const by = trouble ? "" : await noticed(sheet, comparisons, m);
      if (by === "") rest.push(m);
      else note({ ...named(m), outcome: "killed", by: `the answer sheet: ${by}` });
    }
  } finally {
    await sheet.close();
  }
  return rest;
}

/** A broken rule whose statements cannot even be run is noticed by whatever runs it; an engine that has gone has noticed nothing. */
async function noticed(sheet: AnswerSheet, comparisons: readonly string[], m: Mutation): Promise<string> {
  try {
    return await sheet.notice(comparisons, m);
  } catch (error) {
    if (error instanceof TransientError) throw error;
    return sayError(error).split("\n")[0] ?? "failed";
  }
}

/** Breaks one thing at a time in a copy of the project and runs the tests that name the rule. */
async function tryRuleTests(mutations: readonly Mutation[]): Promise<void> {
  if (mutations.length === 0) return;
  const scratch = openScratch(root);
  const baselines = new Map<string, string>();
  const baseline = async (files: readonly string[]): Promise<string> => {
    const known = baselines.get(files.join());
    if (known !== undefined) return known;
    const trial = await tryTests(scratch.dir, files);
    const trouble = !trial.ran ? trial.why : trial.failed[0] ? `Fails unbroken: ${trial.failed[0]}` : "";
    baselines.set(files.join(), trouble);
    return trouble;
  };
  try {
    for (const m of mutations) {
      const files = testsOf(root, m.rule);
      const trouble = files.length === 0 ? "No test names the rule." : await baseline(files);
      if (trouble !== "") {
        note({ ...named(m), outcome: "untested", by: trouble });
        continue;
      }
      scratch.apply(m);
      const trial = await tryTests(scratch.dir, files);
      scratch.apply(undefined);
      const [first] = trial.ran ? trial.failed : [];
      note({
        ...named(m),
        outcome: !trial.ran ? "untested" : first ? "killed" : "survived",
        by: trial.ran ? (first ?? "") : trial.why,
      });
    }
  } finally {
    scratch.remove();
  }
}

/** The survivors that the last line of an earlier run names. */
function leftBy(file: string): (m: Mutation) => boolean {
  const last = readFileSync(file, "utf8").trim().split("\n").at(-1) ?? "";
  const { survivors } = z
    .object({ survivors: z.array(z.object({ rule: z.string(), what: z.string() })) })
    .parse(JSON.parse(last));
  return (m) => survivors.some((s) => s.rule === m.rule && s.what === m.what);
}

function named({ rule, what }: Mutation): Pick<Outcome, "rule" | "what"> {
  return { rule, what };
}

const of = (outcome: Outcome["outcome"]) => outcomes.filter((o) => o.outcome === outcome);
process.stdout.write("| rule | mutation | outcome | noticed by |\n|---|---|---|---|\n");
for (const o of outcomes)
  process.stdout.write(`| ${o.rule} | ${o.what} | ${o.outcome} | ${o.by.split("\n")[0]} |\n`);
process.stdout.write(
  `${outcomes.length} mutations: ${of("killed").length} killed, ${of("explained").length} explained, ${of("survived").length} survived, ${of("untested").length} untested\n`,
);
if (options.json)
  process.stdout.write(
    `${JSON.stringify({ mutations: outcomes.length, killed: of("killed").length, explained: of("explained").length, survivors: of("survived"), untested: of("untested") })}\n`,
  );
process.exit(of("survived").length + of("untested").length === 0 ? 0 : 1);
