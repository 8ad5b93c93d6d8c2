/** Runs the tests that concern a rule in a scratch copy, and says which failed. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Tests of wording and of SQL texts notice any change and say nothing of what a rule does. */
const NOT_BEHAVIOUR = new Set(["compile.test.ts", "explain.test.ts"]);
/** These go through many runs of random firms: thorough, and too slow to be repeated for each mutation. */
const SLOW = new Set(["oracle.test.ts", "lifecycle.test.ts", "schedule.test.ts", "exception-state.test.ts"]);

/** The fast test files that name a rule, those about rules first. */
export function testsOf(root: string, rule: string): string[] {
  const folder = join(root, "test/reconcile");
  return readdirSync(folder)
    .filter((f) => f.endsWith(".test.ts") && !NOT_BEHAVIOUR.has(f) && !SLOW.has(f))
    .filter((f) => readFileSync(join(folder, f), "utf8").includes(`"${rule}"`))
    .sort((a, b) => Number(b.includes("rules")) - Number(a.includes("rules")) || a.localeCompare(b))
    .map((f) => `test/reconcile/${f}`);
}

const Report = z.object({
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});

export type Trial =
  | { ran: true; failed: string[] }
  /** The tests could not be run at all, which says nothing about the mutation. */
  | { ran: false; why: string };

const PATIENCE_MS = String(15 * 60_000);

export async function tryTests(dir: string, files: readonly string[]): Promise<Trial> {
  const output = join(dir, "trial.json");
  rmSync(output, { force: true });
  const vitest = join(dir, "node_modules/vitest/vitest.mjs");
  const args = ["run", ...files, "--bail", "1", "--reporter", "json", "--outputFile", output];
  // A busy machine must not pass for a test that noticed.
  args.push("--testTimeout", PATIENCE_MS, "--hookTimeout", PATIENCE_MS);
  const said: string[] = [];
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: dir,
    env: { ...process.env, LOG_LEVEL: "silent" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (d: Buffer) => said.push(d.toString()));
  child.stderr.on("data", (d: Buffer) => said.push(d.toString()));
  await new Promise((resolve) => child.on("close", resolve));
  let text: string;
  try {
    text = readFileSync(output, "utf8");
  } catch {
    return { ran: false, why: said.join("").slice(-2_000) };
  }
  const report = Report.parse(JSON.parse(text));
  const failed = report.testResults.flatMap((file) => {
    const tests = file.assertionResults.filter((t) => t.status === "failed").map((t) => t.fullName);
    const name = file.name.slice(file.name.indexOf("test/"));
    // A file whose set-up fails has no failed test, and has failed all the same.
    return tests.length === 0 && file.status === "failed" && file.message
      ? [`${name}: ${file.message.split("\n")[0] ?? ""}`]
      : tests.map((t) => `${name}: ${t}`);
  });
  const late = report.testResults.find((f) =>
    [f.message, ...f.assertionResults.flatMap((t) => t.failureMessages ?? [])].some((m) =>
      m?.includes("timed out in"),
    ),
  );
  return late ? { ran: false, why: `Timed out: ${late.name}` } : { ran: true, failed };
}
