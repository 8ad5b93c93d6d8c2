import { Command } from "commander";
import { systemClock } from "#core/time";
import { openSources } from "#ingest/registry";
import { checkSources } from "#ingest/run";
import { readConfig } from "../context.ts";
import { EXIT, print } from "../output.ts";

/** `plumbline check`: try every connection and what the configuration names on it. */
export function checkCommand(done: (code: number) => void): Command {
  return new Command("check")
    .description("Check the configuration and try every connection")
    .option("--source <id>", "only this source")
    .option("--json", "print one JSON object")
    .action(async (options: { source?: string; json?: boolean }) => {
      const config = readConfig();
      const sources = openSources(config, { clock: systemClock }).filter(
        (s) => options.source === undefined || s.config.id === options.source,
      );
      const results = await checkSources(sources);
      const ok = results.every((r) => r.ok);
      print(options.json ?? false, { ok, sources: results }, () =>
        results.flatMap((r) => [
          `${r.label} (${r.sourceId})`,
          ...r.results.map((c) => `  ${c.ok ? "ok  " : "FAIL"}  ${c.what}: ${c.message}`),
        ]),
      );
      done(ok ? EXIT.ok : EXIT.problem);
    });
}
