/** People and bookings between delivery and finance, on a firm small enough to do the sums by hand. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manualClock } from "#core/time";
import { Evidence } from "#reconcile/evidence";
import { type RunReport, reconcile } from "#reconcile/run";
import {
  type ExceptionRow,
  exceptionDetail,
  listExceptions,
  QUEUE_START,
  STANDING,
} from "#sql/queries/exceptions";
import { openTestStore, type TestStore } from "../support/store.ts";
import { firmConfig, freshUntil, hoursBefore, put, putEngagement, timeLine } from "./seed.ts";

/** A Monday. The 30 days ahead are 16 June to 15 July. */
const NOW = "2026-06-15T12:00:00.000Z";

/** These make every comparison that the cases are about. */
const RULES = ["RES-01", "RES-03", "RES-04", "ASG-02", "ASG-06", "ASG-07"];

let store: TestStore;
let reports: RunReport[];
let found: ExceptionRow[];
let main: Awaited<ReturnType<typeof putEngagement>>;
let pounds: Awaited<ReturnType<typeof putEngagement>>;

const of = (rule: string) =>
  Object.fromEntries(found.filter((e) => e.rule === rule).map((e) => [e.key, e.money]));

beforeAll(async () => {
  store = await openTestStore();
  await freshUntil(store, NOW);
  main = await putEngagement(store, "main", { rate: "100" });
  pounds = await putEngagement(store, "pounds", { rate: "100", currency: "GBP", entity: "GB01" });
  const worker = (key: string, more = {}) => ({
    key,
    employee_no: key,
    name: key,
    role_name: "Consultant",
    is_active: 1,
    cost_rate: "80",
    currency: "USD",
    left_on: "1970-01-01",
    ...more,
  });
  const everybody = (role: string, keys: Record<string, object>) =>
    put(
      store,
      role,
      "resource",
      Object.entries(keys).map(([key, more]) => worker(key, more)),
    );
  const at = (hours: number) => ({ changed_at: hoursBefore(NOW, hours) });

  // Who is known to whom, and in which role.
  await everybody("psa", {
    ...{ "W-known": {}, "W-missing": {}, "W-edge": at(24), "W-fresh": at(23.9), "W-gone": { is_active: 0 } },
    ...{ "W-deleted": {}, "R-other": {}, "R-blank": {}, "R-case": { role_name: " CONSULTANT " } },
    ...{ "R-none": { role_name: "" } },
    // Accounts without an employee number: nobody's, booked, working, no more of either.
    ...{ "unlinked:1": {}, "unlinked:2": {}, "unlinked:3": {}, "unlinked:4": {}, "unlinked:7": {} },
  });
  await everybody("erp", {
    ...{ [main.person]: {}, [pounds.person]: { currency: "GBP" } },
    ...{ "W-known": {}, "W-deleted": { is_deleted: 1 }, "R-other": { role_name: "Architect" } },
    ...{ "R-blank": { role_name: "" }, "R-case": {}, "R-none": {}, "W-only-erp": {}, "unlinked:7": {} },
  });
  // What they cost: half a percent of the ERP's 200 is 1.
  const costs = {
    "K-same": ["200", "200"],
    "K-edge": ["200", "201"],
    "K-over": ["200", "201.0001"],
    "K-less": ["200", "150.5"],
    "K-none": ["200", null],
    "K-unknown": [null, "10"],
    "K-currency": ["200", "10"],
    "K-left": ["200", "10"],
  } as const;
  for (const [side, role] of ["erp", "psa"].entries())
    await everybody(
      role,
      Object.fromEntries(
        Object.entries(costs).map(([key, rates]) => [
          key,
          {
            cost_rate: rates[side],
            ...(key === "K-currency" && role === "psa" ? { currency: "EUR" } : {}),
            ...(key === "K-left" && role === "psa" ? { is_active: 0 } : {}),
          },
        ]),
      ),
    );
  // Who has left.
  const left = {
    "L-booked": { is_active: 0, left_on: "2026-05-31" },
    "L-working": { left_on: "2026-05-31" },
    "L-done": { is_active: 0, left_on: "2026-05-31" },
    "L-today": { left_on: "2026-06-15" },
    "L-undated": { is_active: 0 },
    "L-fresh": { is_active: 0, left_on: "2026-05-31", ...at(3.9) },
  };
  await everybody("erp", left);
  await everybody("psa", Object.fromEntries(Object.keys(left).map((key) => [key, {}])));

  // Bookings. Everybody who works is booked all year on the main project unless the case is about it.
  const booking = (key: string, person: string, more = {}) => ({
    key,
    project_key: main.project,
    resource_key: person,
    role_name: "Consultant",
    start_on: "2026-01-05",
    end_on: "2026-06-14",
    allocation_pct: "10",
    currency: "USD",
    status: "Scheduled",
    is_active: 1,
    is_billable: 0,
    ...more,
  });
  const ahead = { end_on: "2026-06-30" };
  const days = (start_on: string, end_on: string, allocation_pct: string) => ({
    start_on,
    end_on,
    allocation_pct,
  });
  const pairs = [
    booking("A-main", main.person),
    ...Object.keys({ ...costs, ...left, "W-missing": 0 }).map((p) => booking(`A-${p}`, p)),
    booking("A-booked-on", "L-booked", ahead),
    booking("A-undated-on", "L-undated", ahead),
    booking("A-fresh-on", "L-fresh", ahead),
    booking("A-today-on", "L-today", ahead),
    booking("A-over-1", "W-known", days("2026-06-16", "2026-06-19", "70.5")),
    booking("A-over-2", "W-known", days("2026-06-18", "2026-06-22", "40")),
    booking("A-even-1", "R-case", days("2026-06-16", "2026-06-19", "70")),
    booking("A-even-2", "R-case", days("2026-06-18", "2026-06-22", "40")),
    booking("A-weekend-1", "R-other", days("2026-06-16", "2026-06-21", "100")),
    booking("A-weekend-2", "R-other", days("2026-06-20", "2026-06-21", "100")),
    booking("A-later-1", "R-blank", days("2026-07-16", "2026-07-17", "100")),
    booking("A-later-2", "R-blank", days("2026-07-16", "2026-07-17", "100")),
    booking("A-costless-1", "K-none", days("2026-06-16", "2026-06-16", "200")),
    booking("A-fresh-1", "R-none", { ...days("2026-06-16", "2026-06-16", "200"), ...at(23.9) }),
    booking("A-draft", "R-none", { ...days("2026-06-17", "2026-06-17", "100"), is_active: 0 }),
  ];
  await put(store, "psa", "assignment", pairs);
  await put(store, "erp", "assignment", pairs);
  await put(store, "psa", "assignment", [
    booking("O-closed", main.person, { is_active: 0, status: "Closed", ...ahead }),
    booking("O-removed", main.person, { is_deleted: 1, ...ahead }),
    booking("O-fresh", main.person, { is_active: 0, ...ahead, ...at(23.9) }),
    booking("O-over", main.person, { is_active: 0 }),
    booking("O-refused", main.person, { is_active: 0, ...ahead }),
  ]);
  // 16 to 30 June are 11 weekdays: 88 hours, of which 10 percent at 90 an hour are 792.
  await put(store, "erp", "assignment", [
    ...["O-closed", "O-removed", "O-fresh", "O-never"].map((key) => booking(key, main.person, ahead)),
    booking("O-over", main.person),
    booking("O-last-day", main.person, { end_on: "2026-06-15" }),
    booking("O-refused", main.person, { is_active: 0, ...ahead }),
    booking("O-costless", "W-only-erp", ahead),
    booking("unlinked:5", main.person, ahead),
  ]);

  // Time.
  const line = (key: string, person: string, more = {}) => timeLine(key, { ...main, person }, more);
  const lines = [
    line("t-missing", "W-missing", { hours: "2.5" }),
    timeLine("t-missing-pounds", { ...pounds, person: "W-missing" }, { hours: "5" }),
    ...["K-over", "K-less", "K-edge"].map((p) => line(`t-${p}`, p, { hours: "4.25" })),
    line("t-less-billed", "K-less", { is_invoiced: 1 }),
    line("t-less-free", "K-less", { is_billable: 0 }),
    line("t-late", "L-working", { work_on: "2026-06-01", hours: "3" }),
    line("t-last", "L-working", { work_on: "2026-05-31", hours: "7" }),
    line("t-late-billed", "L-done", { work_on: "2026-06-01", is_invoiced: 1 }),
    line("t-undated", "L-undated", { work_on: "2026-06-12" }),
    // Outside any booking.
    timeLine("t-loose-1", { ...pounds, person: main.person }, { work_on: "2026-05-06", hours: "1.5" }),
    timeLine("t-loose-2", { ...pounds, person: main.person }, { work_on: "2026-05-07", hours: "1" }),
    timeLine("t-own-first", pounds, { work_on: "2026-02-02" }),
    timeLine("t-own-last", pounds, { work_on: "2026-02-06" }),
    timeLine("t-own-after", pounds, { work_on: "2026-02-07", hours: "2" }),
    timeLine("t-own-billed", pounds, { work_on: "2026-02-10", is_invoiced: 1 }),
    timeLine("t-own-free", pounds, { work_on: "2026-02-11", is_billable: 0 }),
    timeLine("t-own-open", pounds, { work_on: "2026-02-12", is_approved: 0 }),
    timeLine("t-fresh", { ...pounds, person: "W-known" }, { changed_at: hoursBefore(NOW, 0.9) }),
  ];
  for (const role of ["psa", "erp"]) await put(store, role, "time_entry", lines);
  await put(store, "psa", "assignment", [
    booking("A-account", "unlinked:2", { is_active: 0 }),
    booking("A-account-gone", "unlinked:4", { is_deleted: 1 }),
    booking("A-own", pounds.person, {
      project_key: pounds.project,
      start_on: "2026-02-02",
      end_on: "2026-02-06",
      is_active: 0,
      status: "Closed",
    }),
  ]);
  await put(store, "psa", "time_entry", [
    line("t-account", "unlinked:3", { is_approved: 0 }),
    line("t-account-gone", "unlinked:4", { is_deleted: 1 }),
  ]);
  for (let turn = 0; turn < 2; turn++)
    reports = await reconcile(
      store,
      { clock: manualClock(NOW), config: firmConfig() },
      { mode: "full", rules: RULES },
    );
  found = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 1000 });
}, 300_000);
afterAll(() => store.close());

describe("people", () => {
  it("make comparisons that all come to an end", () => {
    expect(reports.filter((r) => r.status === "failed").map((r) => `${r.comparison}: ${r.detail}`)).toEqual(
      [],
    );
  });

  it("are missing in the ERP when active, linked and quiet; their time counts in their own currency", () => {
    expect(of("RES-01")).toEqual({ "W-missing": "250", "W-edge": "0", "W-deleted": "0" });
  });

  it("are compared without an employee number only where they are booked or have booked time", async () => {
    expect(reports.find((r) => r.comparison === "resources")?.counts.unlinked).toBe(2);
    const { id } = found.find((e) => e.key === "resources|left|unlinked") as ExceptionRow;
    const [detail] = await store.query(exceptionDetail, { id });
    expect(Evidence.parse(JSON.parse(detail?.evidence ?? "")).detail).toMatchObject({
      keys: ["unlinked:2", "unlinked:3"],
    });
    expect(found.filter((e) => e.key === "resources|right|unlinked")).toEqual([]);
  });

  it("have another role only where both systems name one", () => {
    expect(of("RES-02")).toEqual({ "R-other": "0" });
  });

  it("cost more or less than half a percent of the ERP's rate, over what is to be invoiced", () => {
    // 1.0001 × 4.25, and 49.5 × 4.25; 90 of the PSA against 80 without any such time.
    expect(of("RES-03")).toMatchObject({ "K-over": "4.2504", "K-less": "210.375" });
    expect(Object.keys(of("RES-03")).sort()).toEqual(["K-less", "K-over", main.person, pounds.person].sort());
  });

  it("have left when what is booked or worked lies after the last day", () => {
    expect(of("RES-04")).toEqual({ "L-booked": "0", "L-working": "300", "L-undated": "0" });
  });
});

describe("bookings", () => {
  it("are orphaned in the ERP while they run and the PSA has none that is active", () => {
    expect(of("ASG-02")).toEqual({
      ...{ "O-closed": "792", "O-removed": "792", "O-never": "792", "O-last-day": "0", "O-costless": null },
    });
  });

  it("are missed by time on days that none of the person's on the project covers", () => {
    expect(of("ASG-06")).toEqual({
      [`${main.person}|${pounds.project}`]: "250",
      [`${pounds.person}|${pounds.project}`]: "200",
      [`W-missing|${pounds.project}`]: "500",
    });
  });

  it("are too many over 110 percent of a weekday of the next 30 days", () => {
    // 110.5 percent on 18 and 19 June: 10.5 % of 16 hours at 80.
    expect(of("ASG-07")).toEqual({ "W-known": "134.4", "K-none": null });
  });
});
