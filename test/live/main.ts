/**
 * `npm run test:live`: the suite on real servers. Starts them where they do not run (installing nothing), seeds them afresh, runs the
 * tests, leaves the servers up or down as it found them, and ends with one line: N passed, N failed. Arguments go to vitest, such as
 * part of a test file's name.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const SERVERS = "test/live/servers.sh";
/** Long enough for a busy machine, short enough that nothing waits forever. */
const MINUTES = { servers: 25, tests: 40 } as const;

const Report = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

/** Runs a command with our input and output; its exit code, or 124 when it took too long. */
function run(
  command: string,
  args: readonly string[],
  { minutes, quiet = false }: { minutes: number; quiet?: boolean },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: quiet ? "ignore" : "inherit" });
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      console.error(`${command} ${args.join(" ")} took longer than ${minutes} minutes`);
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 10_000).unref();
    }, minutes * 60_000);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(deadline);
      resolve(late ? 124 : (code ?? 1));
    });
  });
}

const servers = (...verbs: string[]) => run(SERVERS, verbs, { minutes: MINUTES.servers });

// An interrupt reaches the children too; what follows them must still be done.
process.on("SIGINT", () => {});

const found = (await run(SERVERS, ["status"], { minutes: 1, quiet: true })) === 0 ? "up" : "down";
const folder = mkdtempSync(join(tmpdir(), "plumbline-live-report-"));
let passed = 0;
let failed = 0;
try {
  if ((await servers("init", "up", "seed")) !== 0) {
    console.error(`The servers could not be made ready. What is missing is installed by: ${SERVERS} install`);
    failed = 1;
  } else {
    const report = join(folder, "report.json");
    const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/live/vitest.config.ts"];
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const code = await run(process.execPath, [...vitest, ...reporters, ...process.argv.slice(2)], {
      minutes: MINUTES.tests,
    });
    const counts = Report.safeParse(read(report));
    passed = counts.data?.numPassedTests ?? 0;
    // A runner that broke without naming a failed test is a failure too.
    failed = Math.max(counts.data?.numFailedTests ?? 1, code === 0 ? 0 : 1);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  if (found === "down") await servers("down");
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
