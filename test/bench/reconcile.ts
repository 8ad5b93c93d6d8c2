/** Full and incremental runs over approved time, beside the bare statements on the same rows. */
import { instantOf, manualClock } from "#core/time";
import { reconcile } from "#reconcile/run";
import type { Store } from "#sql/store";
import { firmConfig, freshUntil } from "../reconcile/seed.ts";
import { openTestStore, truncateAll } from "../support/store.ts";
import { measureBeside } from "./beside/measure.ts";
import { type BenchRow, measured, median, row } from "./measure.ts";
import {
  bareFindAndJudge,
  type Lines,
  putBareTables,
  putProjects,
  putTimeLines,
  touchEvery,
} from "./time-lines.ts";

const NOW = "2026-06-01T09:00:00.000Z";
const say = (count: number) => (count >= 1_000_000 ? `${count / 1_000_000} M` : `${count / 1000} k`);

export async function benchReconcile(
  count: number,
  driftPerMillion: number,
  note: (text: string) => void,
): Promise<BenchRow[]> {
  const store = await openTestStore();
  const drift =
    driftPerMillion >= 10_000
      ? `${driftPerMillion / 10_000} % drift`
      : `${driftPerMillion} per million drift`;
  const of = `${say(count)} × ${say(count)} time lines, ${drift}`;
  try {
    note(`generating ${of}`);
    await putProjects(store);
    await putBareTables(store);
    await putTimeLines(store, { count, driftPerMillion });
    return [
      await full(store, { count, driftPerMillion }, of, note),
      ...(driftPerMillion < 10_000 ? await incremental(store, count, of, note) : []),
    ];
  } finally {
    await truncateAll(store);
    await store.close();
  }
}

const clock = manualClock(NOW);
const config = firmConfig();

async function run(store: Store, mode: "full" | "incremental"): Promise<void> {
  clock.advance(1000);
  await freshUntil(store, instantOf(clock.now()));
  // The rules of the comparison of time; none of them needs another comparison.
  const [report] = await reconcile(store, { clock, config }, { rules: ["TIM-03"], mode });
  if (
    report?.comparison !== "time" ||
    !["clean", "exceptions"].includes(report.status) ||
    report.mode !== mode
  )
    throw new Error(`The ${mode} run was not conclusive: ${JSON.stringify(report)}`);
}

async function full(store: Store, lines: Lines, of: string, note: (text: string) => void): Promise<BenchRow> {
  note(`full run, ${of}`);
  // Once each before measuring: the first run opens every exception, which later runs do not repeat.
  await run(store, "full");
  await bareFindAndJudge(store, "all");
  const ours = await median(3, () => measured(store, () => run(store, "full")));
  const bare = await median(3, () => measured(store, () => bareFindAndJudge(store, "all")));
  return row(`full run, ${of}`, ours, bare, await measureBeside(store, lines, note));
}

async function incremental(
  store: Store,
  count: number,
  of: string,
  note: (text: string) => void,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const touched of [1_000, 10_000, 100_000].filter((n) => n <= count / 10)) {
    const [words, step] = [
      `${touched.toLocaleString("en")} scattered keys touched`,
      Math.floor(count / touched),
    ];
    note(`incremental run, ${words}, ${of}`);
    const once = async () => {
      await store.command("TRUNCATE TABLE touched_key");
      // Far enough on that the margin before the last run holds nothing older.
      clock.set(instantOf(clock.now() + 600_000));
      await touchEvery(
        store,
        count,
        step,
        instantOf(clock.now() - 1000)
          .replace("T", " ")
          .slice(0, 23),
      );
      return measured(store, () => run(store, "incremental"));
    };
    const ours = await median(3, once);
    const bare = await median(3, () => measured(store, () => bareFindAndJudge(store, "touched")));
    rows.push(row(`incremental run, ${words}, ${of}`, ours, bare));
  }
  note(`run with nothing changed, ${of}`);
  clock.set(instantOf(clock.now() + 600_000));
  await store.command("TRUNCATE TABLE touched_key");
  rows.push(
    row(
      `incremental run, nothing touched, ${of}`,
      await median(3, () => measured(store, () => run(store, "incremental"))),
      null,
    ),
  );
  return rows;
}
