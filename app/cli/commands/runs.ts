import { Command } from "commander";
import { chTime, systemClock } from "#core/time";
import { listRuns } from "#sql/queries/runs";
import { sayInstant, withStore } from "../context.ts";
import { print, table } from "../output.ts";

/** `plumbline runs`: the newest runs and how their keys came out. */
export function runsCommand(): Command {
  return new Command("runs")
    .description("The newest runs: what was compared, as of when, and how the keys came out")
    .option("--comparison <id>", "only this comparison", "")
    .option("--limit <n>", "at most this many", "20")
    .option("--json", "print one JSON object")
    .action(async (options: { comparison: string; limit: string; json?: boolean }) => {
      const runs = await withStore((store) =>
        store.query(listRuns, {
          comparison: options.comparison,
          before: chTime(systemClock.now() + 86_400_000),
          limit: Number(options.limit),
        }),
      );
      print(options.json ?? false, { runs }, () =>
        runs.length === 0
          ? ["No runs yet. Start one with: plumbline reconcile"]
          : table(
              [
                "started",
                "comparison",
                "mode",
                "outcome",
                "keys",
                "match",
                "pending",
                "left as of",
                "right as of",
              ],
              runs.map((r) => [
                sayInstant(r.started_at),
                r.comparison,
                r.mode,
                r.why === "" ? r.status : `${r.status} (${r.why})`,
                String(r.keys),
                String(r.matched),
                String(r.pending),
                sayInstant(r.left_as_of),
                sayInstant(r.right_as_of),
              ]),
            ),
      );
    });
}
