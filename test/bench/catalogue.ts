/** Rounds of the whole catalogue over a firm at volume: a full one, and turns after little or nothing has changed. */
import { performance } from "node:perf_hooks";
import { instantOf, manualClock } from "#core/time";
import { reconcile } from "#reconcile/run";
import type { Store } from "#sql/store";
import { firmConfig, freshUntil } from "../reconcile/seed.ts";
import { openTestStore, truncateAll } from "../support/store.ts";
import { putFirm, putFirmTime } from "./firm.ts";
import { type BenchRow, measured, median, row } from "./measure.ts";
import { bareFindAndJudge, putBareTables, touchEvery } from "./time-lines.ts";

const NOW = "2026-06-01T09:00:00.000Z";
const clock = manualClock(NOW);
const config = firmConfig();

/** @param note is told what each comparison took, slowest first */
export async function benchCatalogue(
  count: number,
  driftPerMillion: number,
  note: (text: string) => void,
): Promise<BenchRow[]> {
  const store = await openTestStore();
  const of = `${count >= 1_000_000 ? `${count / 1_000_000} M` : `${count / 1000} k`} time lines a side, ${driftPerMillion} per million drift`;
  try {
    note(`generating a firm with ${of}`);
    await putBareTables(store);
    await putFirm(store, count);
    await putFirmTime(store, { count, driftPerMillion });
    const rows: BenchRow[] = [];
    note(`every comparison in full, ${of}`);
    await round(store, "full", note);
    await bareFindAndJudge(store, "all");
    rows.push(
      row(
        `all comparisons in full, ${of}`,
        await median(3, () => measured(store, () => round(store, "full", note))),
        await median(3, () => measured(store, () => bareFindAndJudge(store, "all"))),
      ),
    );
    for (const touched of [0, 1_000, 10_000]) {
      const words =
        touched === 0 ? "nothing touched" : `${touched.toLocaleString("en")} scattered time lines touched`;
      note(`turn with ${words}, ${of}`);
      const once = async () => {
        await store.command("TRUNCATE TABLE touched_key");
        clock.set(instantOf(clock.now() + 600_000));
        const at = instantOf(clock.now() - 1000)
          .replace("T", " ")
          .slice(0, 23);
        if (touched > 0) await touchEvery(store, count, Math.floor(count / touched), at);
        return measured(store, () => round(store, "auto", note));
      };
      rows.push(row(`turn of all comparisons, ${words}, ${of}`, await median(3, once), null));
    }
    return rows;
  } finally {
    await truncateAll(store);
    await store.close();
  }
}

async function round(store: Store, mode: "full" | "auto", note: (text: string) => void): Promise<void> {
  clock.advance(1000);
  await freshUntil(store, instantOf(clock.now()));
  const took = new Map<string, number>();
  let last = performance.now();
  const reports = await reconcile(
    store,
    { clock, config },
    {
      mode,
      onProgress: ({ comparison, step }) => {
        if (step !== "done" && step !== "gates") return;
        took.set(step === "gates" ? "(before the comparisons)" : comparison, performance.now() - last);
        last = performance.now();
      },
    },
  );
  const failed = reports.find((r) => !["clean", "exceptions", "not_applicable"].includes(r.status));
  if (failed) throw new Error(`A comparison was not conclusive: ${JSON.stringify(failed)}`);
  const slowest = [...took].sort((a, b) => b[1] - a[1]).slice(0, 15);
  note(slowest.map(([id, ms]) => `${id} ${Math.round(ms)}`).join(", "));
  const found = reports.filter((r) => r.status === "exceptions");
  note(found.map((r) => `${r.comparison} ${r.keys - r.counts.match}`).join(", "));
}
