import { Command } from "commander";
import { chTime, systemClock } from "#core/time";
import { streamFreshness } from "#sql/queries/reconcile";
import { rejectCounts, streamHealth } from "#sql/queries/sync-health";
import { sayInstant, withStore } from "../context.ts";
import { EXIT, print, table } from "../output.ts";

const DAY_MS = 86_400_000;
const NEVER = "1970-01-01T00:00:00.000Z";

/** `plumbline sources`: how fresh and how complete each stream is. Exits with 1 when the newest sync of one failed. */
export function sourcesCommand(done: (code: number) => void): Command {
  return new Command("sources")
    .description(
      "Each stream: how far it is complete, what was read in the last day, what could not be understood",
    )
    .option("--json", "print one JSON object")
    .action(async (options: { json?: boolean }) => {
      const { streams, fresh, rejects } = await withStore(async (store) => ({
        fresh: await store.query(streamFreshness, {}),
        streams: await store.query(streamHealth, { since: chTime(systemClock.now() - DAY_MS) }),
        rejects: await store.query(rejectCounts, {}),
      }));
      const name = (r: { source_id: string; stream: string }) => `${r.source_id} ${r.stream}`;
      const open = new Map(rejects.map((r) => [name(r), r.open]));
      const until = new Map(fresh.map((r) => [name(r), r.complete_until]));
      const rows = streams.map((s) => ({
        ...s,
        complete_until: until.get(name(s)) ?? NEVER,
        rejects_open: open.get(name(s)) ?? 0,
      }));
      print(options.json ?? false, { streams: rows }, () =>
        rows.length === 0
          ? ["Nothing has been read yet. Start with: plumbline ingest"]
          : table(
              ["source", "stream", "complete until", "read today", "rejects", "state"],
              rows.map((s) => [
                s.source_id,
                s.stream,
                sayInstant(s.complete_until),
                String(s.records_read),
                String(s.rejects_open),
                s.last_state === "failed" ? `failed: ${s.last_error}` : s.last_state,
              ]),
            ),
      );
      done(rows.some((s) => s.last_state === "failed") ? EXIT.problem : EXIT.ok);
    });
}
