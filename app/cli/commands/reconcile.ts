import { Command } from "commander";
import { systemClock } from "#core/time";
import { reconcile } from "#reconcile/run";
import { withContext } from "../context.ts";
import { EXIT, endProgress, print, progress, table } from "../output.ts";

/** `plumbline reconcile`: compare now. Exits with 1 when a run was inconclusive or failed; exceptions alone are no failure. */
export function reconcileCommand(done: (code: number) => void): Command {
  return new Command("reconcile")
    .description("Compare the systems, for all rules or some")
    .option("--rule <id...>", "only what these rules rest on")
    .option("--full", "look at everything, not only at what was touched")
    .option("--accept-shrunk <comparison...>", "a side that shrank has been looked at and is right")
    .option("--json", "print one JSON object")
    .action(async (options: { rule?: string[]; full?: boolean; acceptShrunk?: string[]; json?: boolean }) => {
      const runs = await withContext((c) =>
        reconcile(
          c.store,
          { clock: systemClock, config: c.config, sources: c.sources },
          {
            mode: options.full ? "full" : "auto",
            ...(options.rule ? { rules: options.rule } : {}),
            ...(options.acceptShrunk ? { acceptShrunk: options.acceptShrunk } : {}),
            onProgress: (p) => progress(`${p.comparison} ${p.step}`),
          },
        ),
      );
      endProgress();
      const ok = runs.every((r) => r.status !== "inconclusive" && r.status !== "failed");
      print(options.json ?? false, { ok, runs }, () => [
        ...table(
          ["comparison", "mode", "outcome", "keys", "match", "pending", "differ", "opened", "resolved"],
          runs.map((r) => [
            r.comparison,
            r.mode,
            r.why === "" ? r.status : `${r.status} (${r.why})`,
            String(r.keys),
            String(r.counts.match),
            String(r.counts.pending),
            String(r.keys - r.counts.match - r.counts.pending),
            String(r.events.opened + r.events.reopened),
            String(r.events.resolved),
          ]),
        ),
        ...runs.filter((r) => r.detail !== "").map((r) => `${r.comparison}: ${r.detail}`),
      ]);
      done(ok ? EXIT.ok : EXIT.problem);
    });
}
