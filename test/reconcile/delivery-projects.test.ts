/** Projects and tasks between delivery and finance, on a firm small enough to do the sums by hand. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manualClock } from "#core/time";
import { type RunReport, reconcile } from "#reconcile/run";
import { type ExceptionRow, listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import { openTestStore, type TestStore } from "../support/store.ts";
import { firmConfig, freshUntil, hoursBefore, put, putEngagement, timeLine } from "./seed.ts";

/** A Monday. */
const NOW = "2026-06-15T12:00:00.000Z";

/** These make every comparison that the cases are about. */
const RULES = ["PRJ-02", "PRJ-04", "PRJ-07", "TSK-01", "TSK-02", "TIM-01"];

let store: TestStore;
let reports: RunReport[];
let found: ExceptionRow[];
let main: Awaited<ReturnType<typeof putEngagement>>;
let absent: Awaited<ReturnType<typeof putEngagement>>;

const of = (rule: string) =>
  Object.fromEntries(found.filter((e) => e.rule === rule).map((e) => [e.key, e.money]));
const at = (hours: number) => ({ changed_at: hoursBefore(NOW, hours) });

beforeAll(async () => {
  store = await openTestStore();
  await freshUntil(store, NOW);
  main = await putEngagement(store, "main", { rate: "100" });
  absent = await putEngagement(store, "absent", { rate: "100", inErp: false });
  const task = (key: string, more = {}) => ({
    key,
    project_key: main.project,
    name: key,
    status: "Started",
    is_open: 1,
    is_billable: 1,
    ...more,
  });
  const keys = (names: Record<string, object>) => Object.entries(names).map(([key, more]) => task(key, more));
  // Closed at the time their record last changed.
  const closed = { is_open: 0, changed_at: "2026-06-01T08:00:00.000Z" };
  const later = { is_open: 0, changed_at: "2026-06-03T08:00:00.000Z" };
  await put(store, "psa", "task", [
    ...keys({ "M-both": {}, "M-missing": {}, "M-unused": {}, "M-billed": {}, "M-free": {}, "M-fresh": {} }),
    ...keys({ "M-edge": {}, "M-removed": {}, "M-of-absent": { project_key: absent.project } }),
    ...keys({ "B-psa": {}, "B-erp": { is_billable: 0 }, "B-none": { is_billable: 0 }, "B-fresh": {} }),
    ...keys({
      "C-psa": closed,
      "C-erp": {},
      "C-both": later,
      "C-open": {},
      "C-edge": closed,
      "C-quiet": closed,
    }),
    ...keys({ "C-free": closed, "C-fresh": closed }),
  ]);
  await put(store, "erp", "task", [
    ...keys({ "M-both": {}, "M-removed": { is_deleted: 1 }, "E-own": { is_billable: 0 }, "unlinked:3": {} }),
    ...keys({ "B-psa": { is_billable: 0 }, "B-erp": {}, "B-none": { is_billable: 0 } }),
    ...keys({ "B-fresh": { is_billable: 0, ...at(3.9) }, "C-psa": {}, "C-erp": closed, "C-both": closed }),
    ...keys({ "C-open": {}, "C-edge": {}, "C-quiet": {}, "C-free": {}, "C-fresh": {} }),
  ]);
  const early = { recorded_at: "2026-05-04 18:00:00.000" };
  const on = (task_key: string, more = {}) =>
    timeLine(`t-${task_key}`, main, { task_key, ...early, ...more });
  const entered = (recorded_at: string, more = {}) => ({
    recorded_at: recorded_at.replace("T", " ").slice(0, 23),
    changed_at: recorded_at,
    ...more,
  });
  const before = entered("2026-06-01T07:59:59.000Z");
  const after = entered("2026-06-02T08:00:00.000Z");
  const lines = [
    on("M-both"),
    on("M-missing", { hours: "1.25" }),
    timeLine("t-M-missing-too", main, { task_key: "M-missing", hours: "2", is_invoiced: 1, ...early }),
    on("M-billed", { is_invoiced: 1 }),
    on("M-free", { is_billable: 0 }),
    on("M-fresh", at(0.9)),
    on("M-edge", at(1)),
    on("M-removed"),
    timeLine("t-M-of-absent", absent, { task_key: "M-of-absent", ...early }),
    on("B-psa", { hours: "3" }),
    on("C-psa", { ...after, hours: "2.5" }),
    timeLine("t-C-psa-before", main, { task_key: "C-psa", ...before }),
    on("C-erp", after),
    on("C-both", { ...after, hours: "0.5" }),
    on("C-open", after),
    on("C-edge", entered("2026-06-01T08:00:00.000Z")),
    on("C-quiet", before),
    on("C-free", { ...after, is_billable: 0 }),
    on("C-fresh", entered(hoursBefore(NOW, 0.9))),
  ];
  await put(store, "psa", "time_entry", lines);
  // What hangs on a task that the ERP lacks has not been posted.
  await put(
    store,
    "erp",
    "time_entry",
    lines.filter((l) => !/M-(missing|removed|edge|of)/.test(String(l.key))),
  );

  // Projects open in the ERP. Two lines of one person at 90, one of somebody whose cost nobody knows.
  const project = (key: string, more = {}) => ({
    key,
    code: key,
    name: key,
    customer_key: main.customer,
    is_active: 1,
    is_billable: 1,
    start_on: "2026-03-02",
    end_on: "2026-12-31",
    currency: "USD",
    legal_entity: "US01",
    ...more,
  });
  await put(store, "erp", "project", [
    ...[project("G-gone"), project("G-never"), project("G-closed", { is_active: 0 }), project("G-idle")],
    ...[project("G-over"), project("G-fresh", at(23.9)), project("G-costless"), project("unlinked:8")],
  ]);
  await put(store, "psa", "project", [
    project("G-gone", { is_deleted: 1 }),
    project("G-over", { is_active: 0 }),
  ]);
  const there = (key: string, of: string, more = {}) => timeLine(key, { ...main, project: of }, more);
  await put(store, "erp", "time_entry", [
    there("unlinked:g1", "G-gone", { hours: "2.5" }),
    there("unlinked:g2", "G-gone", { hours: "1" }),
    there("unlinked:g3", "G-gone", { is_approved: 0 }),
    there("unlinked:g4", "G-never", { hours: "2" }),
    timeLine("unlinked:g5", { project: "G-costless", person: "E-nobody" }),
  ]);

  // Dimensions and legal entities.
  const pair = async (key: string, psa: object, erp: object) => {
    await put(store, "psa", "project", [project(key, psa)]);
    await put(store, "erp", "project", [project(key, erp)]);
    const l = there(`t-${key}`, key, { task_key: "", work_on: "2026-05-04", hours: "1" });
    for (const role of ["psa", "erp"]) await put(store, role, "time_entry", [l]);
  };
  const dims = { department: "Delivery", practice: "Cloud  Platforms", region: "EMEA" };
  await pair("D-same", dims, { ...dims, practice: " cloud platforms" });
  await pair("D-region", dims, { ...dims, region: "APAC" });
  await pair("D-two", dims, { ...dims, department: "Advisory", practice: "Data" });
  await pair("D-blank", dims, { ...dims, department: "", practice: "", region: "" });
  await pair("D-fresh", dims, { ...dims, region: "APAC", ...at(3.9) });
  await pair("D-edge", dims, { ...dims, region: "APAC", ...at(4) });
  await pair("D-closed", { ...dims, is_active: 0 }, { ...dims, region: "APAC", is_active: 0 });
  await pair("L-other", {}, { legal_entity: "GB01" });
  await pair("L-unmapped", {}, { legal_entity: "17" });
  await pair("L-none", {}, { legal_entity: "" });
  await pair("L-fresh", {}, { legal_entity: "GB01", ...at(0.9) });

  // Time before the start.
  const start = { start_on: "2026-05-04" };
  for (const key of ["S-early", "S-first", "S-billed", "S-free", "S-internal", "S-undated", "S-fresh"]) {
    const more = {
      ...start,
      ...(key === "S-internal" ? { is_billable: 0 } : {}),
      ...(key === "S-undated" ? { start_on: "1970-01-01" } : {}),
    };
    for (const role of ["psa", "erp"]) await put(store, role, "project", [project(key, more)]);
  }
  const work = (key: string, of: string, more = {}) =>
    there(key, of, { task_key: "", work_on: "2026-05-03", ...more });
  const unready = [
    work("s-early", "S-early", { hours: "1.5" }),
    work("s-early-first", "S-early", { work_on: "2026-05-04" }),
    work("s-first", "S-first", { work_on: "2026-05-04" }),
    work("s-billed", "S-billed", { is_invoiced: 1 }),
    work("s-free", "S-free", { is_billable: 0 }),
    work("s-internal", "S-internal"),
    work("s-undated", "S-undated"),
    work("s-fresh", "S-fresh", at(0.9)),
  ];
  for (const role of ["psa", "erp"]) await put(store, role, "time_entry", unready);
  for (let turn = 0; turn < 2; turn++)
    reports = await reconcile(
      store,
      { clock: manualClock(NOW), config: firmConfig() },
      { mode: "full", rules: RULES },
    );
  found = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 1000 });
}, 300_000);
afterAll(() => store.close());

describe("tasks", () => {
  it("make comparisons that all come to an end", () => {
    expect(reports.filter((r) => r.status === "failed").map((r) => `${r.comparison}: ${r.detail}`)).toEqual(
      [],
    );
  });

  it("are missing in the ERP when time on them waits to be invoiced, and not with their whole project", () => {
    expect(of("TSK-01")).toEqual({ "M-missing": "125", "M-edge": "800", "M-removed": "800" });
  });

  it("explain the lines that hang on them", () => {
    expect(Object.keys(of("TIM-01"))).toEqual([]);
  });

  it("receive time after being closed in either system, at the earlier of the two", () => {
    expect(of("TSK-02")).toEqual({ "C-psa": "250", "C-erp": "800", "C-both": "50" });
  });

  it("are billable on both sides or on neither", () => {
    expect(of("TSK-03")).toEqual({ "B-psa": "300", "B-erp": "0" });
  });
});

describe("projects", () => {
  it("are orphaned in the ERP while open, linked and unknown to the PSA; what was booked has its cost", () => {
    expect(of("PRJ-02")).toEqual({ "G-gone": "315", "G-never": "180", "G-idle": "0", "G-costless": null });
  });

  it("belong to another unit only where both systems name one; nothing is lost by it", () => {
    expect(of("PRJ-04")).toEqual({ "D-region": "0", "D-two": "0", "D-edge": "0" });
  });

  it("belong to one legal entity, which both systems must name", () => {
    expect(of("PRJ-05")).toEqual({ "L-other": "100", "L-unmapped": "100", "L-none": "100" });
  });

  it("receive time before their first day", () => {
    expect(of("PRJ-07")).toEqual({ "S-early": "150" });
  });
});
