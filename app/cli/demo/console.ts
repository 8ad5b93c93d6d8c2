/** The demo with its console: everything read and reconciled once, then the server as in production, on the same engine. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { env, inheritedEnv } from "#core/env";
import { withContext } from "../context.ts";
import { EXIT } from "../output.ts";
import type { DemoPerson } from "./demo-config.ts";
import { ingestEverything, reconcileEverything } from "./once.ts";
import type { SandboxReady } from "./sandbox-process.ts";

interface ConsoleOptions {
  people: readonly DemoPerson[];
  sandbox: SandboxReady;
  say: (text: string) => void;
}

/** Runs until interrupted. */
export async function demoConsole({ people, sandbox, say }: ConsoleOptions): Promise<number> {
  if (!isBuilt()) {
    say("Building the console…");
    if (
      (await ended(
        spawn("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] }),
      )) !== 0
    )
      return EXIT.problem;
  }
  // The store stays open, and so the engine, until the server has it.
  return withContext(async (context) => {
    await ingestEverything(context, say);
    for (const turn of ["first", "second"]) await reconcileEverything(context, turn, say);
    const server = spawn(process.execPath, ["dist/server.js"], {
      stdio: ["ignore", "inherit", "inherit"],
      env: inheritedEnv({ NODE_ENV: "production" }),
    });
    const stop = () => server.kill("SIGTERM");
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
    const width = Math.max(...people.map((p) => p.name.length));
    say(`
  Plumbline is at http://${env.HOST}:${env.PORT}

  Sign in as                (these passwords were made for this start)
${people.map((p) => `    ${p.name.padEnd(width)}  ${p.password}   ${p.displayName}`).join("\n")}

  The firm keeps working: Salesforce and Certinia at ${sandbox.salesforce.url}, NetSuite at ${sandbox.netsuite.url}.
  What is wrong with it is written in ${sandbox.truth}. Interrupt (Ctrl-C) to stop everything.
`);
    const code = await ended(server);
    return code === 0 || code === null ? EXIT.ok : EXIT.problem;
  });
}

/** Whether there is a build, and nothing it was made from is newer. */
function isBuilt(): boolean {
  const built = ["build/server/index.js", "dist/server.js", "dist/engine.js"];
  if (!built.every((f) => existsSync(f))) return false;
  const oldest = Math.min(...built.map((f) => statSync(f).mtimeMs));
  return ["app", "core", "sql", "ingest", "reconcile", "public"].every((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).every(
      (f) => statSync(join(folder, f)).mtimeMs <= oldest,
    ),
  );
}

function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve) => child.once("exit", (code) => resolve(code)));
}
