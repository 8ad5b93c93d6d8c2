#!/usr/bin/env node
/** The `plumbline` command. Each verb is a file in commands/; this one only puts them together and turns errors into exit codes. */
import { Command, CommanderError } from "commander";
import { auditCommand } from "./commands/audit.ts";
import { casesCommand } from "./commands/cases.ts";
import { checkCommand } from "./commands/check.ts";
import { exceptionsCommand } from "./commands/exceptions.ts";
import { ingestCommand } from "./commands/ingest.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { pushCommand } from "./commands/push.ts";
import { reconcileCommand } from "./commands/reconcile.ts";
import { rulesCommand } from "./commands/rules.ts";
import { runsCommand } from "./commands/runs.ts";
import { sandboxCommand } from "./commands/sandbox.ts";
import { sourcesCommand } from "./commands/sources.ts";
import { EXIT, fail } from "./output.ts";

/** Parse and run one command line. Returns the exit code; never calls process.exit. */
export async function run(argv: readonly string[]): Promise<number> {
  const program = new Command("plumbline")
    .description(
      "Find where the CRM, PSA and ERP have drifted apart, and put it right with one approved push.",
    )
    .addHelpText(
      "after",
      "\nConfiguration: plumbline.config.yaml, or the file PLUMBLINE_CONFIG names.\nExit codes: 0 fine, 1 a problem was found, 2 wrong usage or configuration, 3 a system was unavailable.",
    );
  let code: number = EXIT.ok;
  const json = argv.includes("--json");
  const register = (make: (done: (c: number) => void) => Command) =>
    program.addCommand(
      make((c) => {
        code = c;
      }),
    );
  register(checkCommand);
  register(migrateCommand);
  register(ingestCommand);
  register(reconcileCommand);
  register(exceptionsCommand);
  register(casesCommand);
  register(pushCommand);
  register(rulesCommand);
  register(runsCommand);
  register(sourcesCommand);
  register(auditCommand);
  register(sandboxCommand);
  quiet(program);
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    // Commander has printed its own words already: help asked for is fine, everything else is wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return fail(error, json);
  }
}

/** Make commander throw instead of ending the process, for the program and every command below it. */
function quiet(command: Command): void {
  command.exitOverride();
  for (const sub of command.commands) quiet(sub);
}

// Both as `node --import tsx app/cli/main.ts` and as the built dist/cli.js.
if (/(?:cli\/main\.ts|cli\.js|plumbline)$/.test(process.argv[1] ?? "")) {
  process.exitCode = await run(process.argv.slice(2));
}
