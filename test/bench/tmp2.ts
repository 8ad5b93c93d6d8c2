import { performance } from "node:perf_hooks";
import { instantOf, manualClock } from "#core/time";
import { reconcile } from "#reconcile/run";
import type { Store } from "#sql/store";
import { firmConfig, freshUntil } from "../reconcile/seed.ts";
import { openTestStore } from "../support/store.ts";
import { putProjects, putTimeLines } from "./time-lines.ts";

const count = Number(process.argv[2] ?? 200000);
const raw = await openTestStore();
const spent = new Map<string, { n: number; ms: number }>();
const add = (what: string, ms: number) => {
  const s = spent.get(what) ?? { n: 0, ms: 0 };
  s.n += 1;
  s.ms += ms;
  spent.set(what, s);
};
const timed = async <T>(what: string, f: () => Promise<T>): Promise<T> => {
  const t = performance.now();
  try { return await f(); } finally { add(what, performance.now() - t); }
};
const store: Store = {
  ...raw,
  query: (q, p, o) => timed(`q ${q.name}`, () => raw.query(q, p, o)),
  insert: (t, r) => timed(`i ${t.name}${r.length === 0 ? " empty" : ""}`, () => raw.insert(t, r)),
  command: (s, p, o) => timed(`c ${s.replace(/\s+/g, " ").slice(0, 70)} ${s.length}`, () => raw.command(s, p, o)),
  async *stream(q, p, o) {
    let t = performance.now();
    let ms = 0;
    for await (const r of raw.stream(q, p, o)) { ms += performance.now() - t; yield r; t = performance.now(); }
    add(`s ${q.name}`, ms + performance.now() - t);
  },
};
const clock = manualClock("2026-06-01T09:00:00.000Z");
const go = async (what: string, mode: "full" | "incremental" = "full") => {
  spent.clear();
  clock.advance(60_000);
  await freshUntil(raw, instantOf(clock.now()));
  const t = performance.now();
  const [r] = await reconcile(store, { clock, config: firmConfig() }, { rules: ["TIM-03"], mode, acceptShrunk: ["time"] });
  console.log(`\n== ${what}: ${Math.round(performance.now() - t)} ms`, r?.status, r?.detail, JSON.stringify(r?.events), JSON.stringify(r?.counts));
  for (const [k, s] of [...spent].sort((a, b) => b[1].ms - a[1].ms).slice(0, 14)) console.log(`   ${Math.round(s.ms)} ms  x${s.n}  ${k}`);
  console.log(`   statements: ${[...spent.values()].reduce((a, s) => a + s.n, 0)}`);
};
await putProjects(raw);
await putTimeLines(raw, { count, driftPerMillion: 500_000 });
await go("open");
await go("unchanged");
await go("unchanged incremental", "incremental");
for (const role of ["psa", "erp"])
  await raw.command(`INSERT INTO time_entry (role, key, source_id, native_id, version, changed_at, seen_at, is_deleted, raw_id,
  project_ref, project_key, task_ref, task_key, resource_ref, resource_key, assignment_ref, assignment_key,
  work_on, hours, is_billable, status, is_approved, is_invoiced, bill_rate, currency, note, recorded_at)
SELECT role, key, source_id, native_id, 3, changed_at, seen_at, key != 'T1', raw_id,
  project_ref, project_key, task_ref, task_key, resource_ref, resource_key, assignment_ref, assignment_key,
  work_on, hours, is_billable, status, is_approved, is_invoiced, bill_rate, currency, note, recorded_at FROM time_entry FINAL WHERE role='${role}'`);
await go("resolve");
await go("clean");
await raw.close();
process.exit(0);
