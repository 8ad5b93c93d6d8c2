/**
 * `npm run demo`: a make-believe firm, its data read and reconciled, and the console on top. With `--once` everything happens
 * without a browser: one approved push of each kind, and a score against what was planted.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { demoConfig, demoPeople } from "./demo/demo-config.ts";
import { startSandboxProcess } from "./demo/sandbox-process.ts";
import { EXIT, fail } from "./output.ts";

interface DemoOptions {
  once?: boolean;
  json?: boolean;
  seed: string;
  projects: string;
  months: string;
  port: string;
}

async function demo(options: DemoOptions): Promise<number> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const dir = join("data", "demo");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  say("Making up a firm with three systems that have drifted apart…");
  const sandbox = await startSandboxProcess({
    seed: Number(options.seed),
    projects: Number(options.projects),
    months: Number(options.months),
    truthFile: join(dir, "truth.json"),
    life: !options.once,
  });
  try {
    const people = demoPeople();
    const { text, env } = demoConfig(sandbox, people);
    const config = join(dir, "plumbline.config.yaml");
    writeFileSync(config, text);
    Object.assign(process.env, env, {
      PLUMBLINE_CONFIG: config,
      PLUMBLINE_DATA: dir,
      PORT: options.port,
      LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
    });
    // Only now: core/env.ts reads the environment when it is first imported.
    if (options.once) {
      const { demoOnce } = await import("./demo/once.ts");
      return await demoOnce({ truth: readFileSync(sandbox.truth, "utf8"), json: options.json ?? false, say });
    }
    const { demoConsole } = await import("./demo/console.ts");
    return await demoConsole({ people, sandbox, say });
  } finally {
    await sandbox.stop();
  }
}

const program = new Command("demo")
  .option("--once", "no console: read, reconcile, push one of each kind, and score")
  .option("--json", "with --once: print one JSON object as the last line")
  .option("--seed <n>", "which firm", "7")
  .option("--projects <n>", "how many projects", "40")
  .option("--months <n>", "months of history", "6")
  .option("--port <n>", "the console's port; 0 for any", "3000");
program.parse();
process.exitCode = await demo(program.opts<DemoOptions>()).catch((error: unknown) => {
  const code = fail(error, false);
  return code === EXIT.ok ? EXIT.problem : code;
});
