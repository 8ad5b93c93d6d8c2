import { Command } from "commander";
import { systemClock } from "#core/time";
import { ingestAll } from "#ingest/run";
import { withContext } from "../context.ts";
import { EXIT, endProgress, print, progress, table } from "../output.ts";

/** `plumbline ingest`: read the sources now. */
export function ingestCommand(done: (code: number) => void): Command {
  return new Command("ingest")
    .description("Read every source, or one, from where it was left")
    .option("--source <id>", "only this source")
    .option("--full", "read everything again and look for deletions")
    .option("--accept-deletions", "what is missing has been looked at and was deleted")
    .option("--json", "print one JSON object")
    .action(
      async (options: { source?: string; full?: boolean; acceptDeletions?: boolean; json?: boolean }) => {
        const report = await withContext((c) =>
          ingestAll(c.store, c.sources, {
            mode: options.full ? "full" : "auto",
            clock: systemClock,
            acceptDeletions: options.acceptDeletions ?? false,
            ...(options.source === undefined ? {} : { sourceId: options.source }),
            onProgress: (p) => progress(`${p.sourceId} ${p.stream}: ${p.read} read`),
          }),
        );
        endProgress();
        print(options.json ?? false, report, () =>
          table(
            ["source", "stream", "read", "mapped", "rejected", "deleted", "outcome"],
            report.streams.map((s) => [
              s.sourceId,
              s.stream,
              ...(s.ok
                ? [s.report.read, s.report.mapped, s.report.rejected, s.report.deleted]
                : ["", "", "", ""]
              ).map(String),
              s.ok ? "ok" : s.error,
            ]),
          ),
        );
        done(report.ok ? EXIT.ok : EXIT.problem);
      },
    );
}
