/** Vendor JSON over HTTP to canonical rows, beside inserting the same canonical rows into the same engine. */

import { z } from "zod";
import { systemClock } from "#core/time";
import { openSources } from "#ingest/registry";
import { ingestAll } from "#ingest/run";
import { startSandbox } from "#sandbox/start";
import { chCount, compiledQuery } from "#sql/query";
import type { Store } from "#sql/store";
import { insertRows } from "../reconcile/seed.ts";
import { sandboxConfig } from "../support/sandbox-config.ts";
import { openTestStore } from "../support/store.ts";
import { type BenchRow, measured, row } from "./measure.ts";

const allTime = compiledQuery({
  name: "bench.all-time",
  sql: "SELECT * EXCEPT (k, row_hash) FROM time_entry",
  params: z.object({}),
  row: z.looseObject({}),
});
const rawCount = compiledQuery({
  name: "bench.raw-count",
  sql: "SELECT count() AS n FROM raw_record",
  params: z.object({}),
  row: z.object({ n: chCount }),
});

export async function benchIngest(projects: number, note: (text: string) => void): Promise<BenchRow[]> {
  note(`a firm of ${projects} projects`);
  const sandbox = await startSandbox({ seed: 7, projects, months: 6, clock: systemClock });
  const store = await openTestStore();
  try {
    const sources = openSources(sandboxConfig(sandbox), { clock: systemClock });
    note("reading all three systems");
    const all = await measured(store, () => ingestAll(store, sources, { clock: systemClock }));
    const records = (await store.query(rawCount, {}))[0]?.n ?? 0;
    const rows = await store.query(allTime, {});
    note("reading one system's time lines, beside inserting them");
    const timed = await timeAlone(sandbox, note);
    const bare = await inserted(store, rows);
    return [
      row(
        `ingest of ${records.toLocaleString("en")} records over HTTP (${rate(records, all.ms)} records/s)`,
        all,
        null,
      ),
      row(
        `ingest of ${timed.lines.toLocaleString("en")} time lines over HTTP (${rate(timed.lines, timed.ms)} lines/s; bare: ${rate(rows.length, bare.ms)} lines/s)`,
        timed,
        { ms: Math.round((bare.ms / rows.length) * timed.lines) },
      ),
    ];
  } finally {
    await store.close();
    await sandbox.close();
  }
}

const rate = (count: number, ms: number) => Math.round((count / ms) * 1000).toLocaleString("en");

/** The PSA's and the ERP's time streams alone, into an empty store. */
async function timeAlone(sandbox: Awaited<ReturnType<typeof startSandbox>>, note: (text: string) => void) {
  const store = await openTestStore();
  try {
    const sources = openSources(sandboxConfig(sandbox), { clock: systemClock });
    let ms = 0;
    let peakMb = 0;
    for (const { config, source } of sources)
      for (const stream of source.streams.filter((s) => s.yields === "time_entry")) {
        note(`${config.id} ${stream.name}`);
        const one = await measured(store, () =>
          ingestAll(store, sources, { clock: systemClock, sourceId: config.id, stream: stream.name }),
        );
        ms += one.ms;
        peakMb = Math.max(peakMb, one.peakMb);
      }
    return { ms, peakMb, lines: (await store.query(allTime, {})).length };
  } finally {
    await store.close();
  }
}

async function inserted(store: Store, rows: readonly Record<string, unknown>[]) {
  await store.command("CREATE TABLE bare_time_entry AS time_entry");
  return measured(store, () => insertRows(store, "bare_time_entry", rows));
}
