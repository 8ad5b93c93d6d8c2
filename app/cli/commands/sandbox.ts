import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { env } from "#core/env";
import { demoConfig, demoPeople } from "../demo/demo-config.ts";
import { startSandboxProcess } from "../demo/sandbox-process.ts";
import { progress } from "../output.ts";

/** `plumbline sandbox`: the make-believe firm's systems on loopback, with a configuration that points at them. */
export function sandboxCommand(): Command {
  return new Command("sandbox")
    .description(
      "Start a make-believe firm's Salesforce, Certinia and NetSuite to run against, until interrupted",
    )
    .option("--seed <n>", "which firm", "7")
    .option("--projects <n>", "how many projects", "40")
    .option("--months <n>", "months of history", "6")
    .option("--life", "the firm keeps working while it runs")
    .option("--json", "print one JSON object when it is ready")
    .action(async (o: { seed: string; projects: string; months: string; life?: boolean; json?: boolean }) => {
      const dir = join(env.PLUMBLINE_DATA, "sandbox");
      mkdirSync(dir, { recursive: true });
      progress("Making up a firm…");
      const sandbox = await startSandboxProcess({
        seed: Number(o.seed),
        projects: Number(o.projects),
        months: Number(o.months),
        truthFile: join(dir, "truth.json"),
        life: o.life ?? false,
      });
      const people = demoPeople();
      const { text, env: secrets } = demoConfig(sandbox, people);
      const configFile = join(dir, "plumbline.config.yaml");
      const envFile = join(dir, "secrets.env");
      writeFileSync(configFile, text);
      const exports = Object.entries(secrets).map(([k, v]) => `export ${k}='${v}'`);
      writeFileSync(envFile, `${exports.join("\n")}\n`, { mode: 0o600 });
      const ready = {
        salesforce: sandbox.salesforce.url,
        netsuite: sandbox.netsuite.url,
        config: configFile,
        secrets: envFile,
        truth: sandbox.truth,
      };
      progress("");
      process.stdout.write(
        o.json
          ? `${JSON.stringify(ready)}\n`
          : `Salesforce and Certinia  ${ready.salesforce}\nNetSuite                 ${ready.netsuite}\n\nIn another terminal:\n  . ${envFile}\n  export PLUMBLINE_CONFIG=${configFile}\n  npm run plumbline -- check\n\nWhat is wrong with the firm is written in ${ready.truth}. Interrupt to stop.\n`,
      );
      await new Promise<void>((resolve) => {
        process.once("SIGINT", () => resolve());
        process.once("SIGTERM", () => resolve());
      });
      await sandbox.stop();
    });
}
