/** Each rule on a firm small enough to do the sums by hand. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manualClock } from "#core/time";
import { Evidence } from "#reconcile/evidence";
import { type RunReport, reconcile } from "#reconcile/run";
import {
  type ExceptionRow,
  exceptionDetail,
  exceptionItems,
  listExceptions,
  QUEUE_START,
  STANDING,
} from "#sql/queries/exceptions";
import { openTestStore, type TestStore } from "../support/store.ts";
import { firmConfig, freshUntil, hoursBefore, put, putEngagement, timeLine } from "./seed.ts";

/** A Monday. */
const NOW = "2026-06-15T12:00:00.000Z";

let store: TestStore;
let reports: RunReport[];
let found: ExceptionRow[];

/** The exceptions of a rule, by key. */
const of = (rule: string, comparison?: string) =>
  Object.fromEntries(
    found
      .filter((e) => e.rule === rule && (!comparison || e.comparison === comparison))
      .map((e) => [e.key, e]),
  );
const report = (comparison: string) => reports.find((r) => r.comparison === comparison);

beforeAll(async () => {
  store = await openTestStore();
  await freshUntil(store, NOW);
  const p = await putEngagement(store, "orphan", { inErp: false, rate: "150.25" });
  const same = await putEngagement(store, "same");
  const cheap = await putEngagement(store, "cheap", {
    currency: "GBP",
    entity: "GB01",
    rate: "120",
    erpRate: "110.5",
  });
  const priceless = await putEngagement(store, "priceless", {
    currency: "EUR",
    entity: "DE01",
    erpRate: null,
    rate: "99.99",
  });
  const edge = await putEngagement(store, "edge", { rate: "200", erpRate: "200.005" });
  const over = await putEngagement(store, "over", { rate: "200", erpRate: "200.0051" });

  // Projects: another code, the same code written otherwise, dates a day apart and two days apart.
  const project = {
    is_active: 1,
    is_billable: 1,
    start_on: "2026-01-05",
    end_on: "2026-12-31",
    currency: "USD",
    legal_entity: "US01",
    customer_key: same.customer,
  };
  await put(store, "psa", "project", [
    { key: "P-code", code: "ABC-1", ...project },
    { key: "P-written", code: " abc-2 ", ...project },
    { key: "P-day", code: "D1", ...project },
    { key: "P-days", code: "D2", ...project },
    { key: "P-idle", code: "I", ...project, is_active: 0 },
    { key: "P-fresh", code: "F", ...project, changed_at: hoursBefore(NOW, 0.5) },
  ]);
  await put(store, "erp", "project", [
    { key: "P-code", code: "ABC-9", ...project },
    { key: "P-written", code: "ABC-2", ...project },
    { key: "P-day", code: "D1", ...project, start_on: "2026-01-06", end_on: "2026-12-30" },
    { key: "P-days", code: "D2", ...project, end_on: "2026-12-29" },
    { key: "unlinked:77", code: "Z", ...project },
  ]);

  // Time.
  const line = (key: string, who: typeof same, more = {}) => timeLine(key, who, more);
  const twins = [
    line("o-posted", p),
    line("s-1", same),
    line("s-hours", same),
    line("s-edge", same),
    line("s-date", same),
    line("s-twice", same, { hours: "6" }),
    line("c-1", cheap, { hours: "7.5" }),
    line("c-billed", cheap, { is_invoiced: 1 }),
    line("c-free", cheap, { is_billable: 0 }),
    line("c-old", cheap, { work_on: "2025-12-31" }),
    line("pl-1", priceless, { hours: "3.25" }),
  ];
  await put(store, "psa", "time_entry", [
    ...twins,
    line("o-1", p),
    line("o-2", p, { hours: "2.5" }),
    line("o-free", p, { is_billable: 0 }),
    line("s-missing", same),
    line("s-free", same, { is_billable: 0 }),
    line("s-fresh", same, { changed_at: hoursBefore(NOW, 3.9) }),
    line("s-settled", same, { changed_at: hoursBefore(NOW, 4) }),
    line("s-early", same, { work_on: "2025-06-01" }),
    line("s-withdrawn", same, { is_approved: 0 }),
  ]);
  await put(store, "erp", "time_entry", [
    ...twins.filter((t) => !["s-hours", "s-edge", "s-date", "s-twice"].includes(String(t.key))),
    line("s-hours", same, { hours: "6.5" }),
    line("s-edge", same, { hours: "8.01" }),
    line("s-date", same, { work_on: "2026-05-05" }),
    line("s-twice", same, { hours: "6", native_id: "erp-1" }),
    line("s-twice", same, { hours: "6", native_id: "erp-2" }),
    line("s-withdrawn", same, { hours: "4" }),
    line("s-unknown", same, { hours: "1", is_billable: 0 }),
  ]);

  // Assignments, Monday 15 June: 30 days from the 16th to 15 July hold 22 weekdays.
  const asg = (key: string, who: typeof same, more = {}) => ({
    key,
    project_key: who.project,
    resource_key: who.person,
    role_name: "Consultant",
    start_on: "2026-06-01",
    end_on: "2026-07-31",
    allocation_pct: "50",
    bill_rate: "200",
    is_active: 1,
    is_billable: 1,
    currency: "USD",
    ...more,
  });
  // Nobody's cost is known to the PSA here; the ERP knows one person's.
  const erpCost = await putEngagement(store, "cost-in-erp", { rate: "200" });
  const noCost = await putEngagement(store, "cost-nowhere", { rate: "200" });
  for (const e of [erpCost, noCost])
    await put(store, "psa", "resource", [
      { key: e.person, employee_no: e.person, role_name: "Consultant", is_active: 1, cost_rate: null },
    ]);
  await put(store, "erp", "resource", [
    { key: erpCost.person, employee_no: erpCost.person, cost_rate: "60", currency: "USD", is_active: 1 },
  ]);
  await put(store, "psa", "assignment", [
    asg("a-erp-cost", erpCost),
    asg("a-no-cost", noCost),
    asg("a-same", same),
    asg("a-missing", same),
    asg("a-ends", same, { end_on: "2026-06-19" }),
    asg("a-edge", same),
    asg("a-over", same, { end_on: "2026-05-10", start_on: "2026-05-04" }),
    asg("a-cheap", cheap, { bill_rate: "100", end_on: "2026-06-19", allocation_pct: "100" }),
    asg("a-orphan", p),
  ]);
  await put(store, "erp", "assignment", [
    asg("a-erp-cost", erpCost, { end_on: "2026-07-24" }),
    asg("a-no-cost", noCost, { end_on: "2026-07-24" }),
    asg("a-same", same),
    asg("a-ends", same, { end_on: "2026-06-24", allocation_pct: "75" }),
    asg("a-edge", same, { end_on: "2026-08-01", allocation_pct: "52" }),
    asg("a-cheap", cheap, { end_on: "2026-06-19", allocation_pct: "100" }),
  ]);
  await put(store, "psa", "time_entry", [
    timeLine("c-asg", cheap, { assignment_key: "a-cheap", hours: "10" }),
  ]);
  await put(store, "erp", "time_entry", [
    timeLine("c-asg", cheap, { assignment_key: "a-cheap", hours: "10" }),
  ]);
  void edge;
  void over;

  const clock = manualClock(NOW);
  const deps = { clock, config: firmConfig() };
  await reconcile(store, deps, { mode: "full" });
  clock.advance(60_000);
  reports = await reconcile(store, deps, { mode: "full" });
  found = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 500 });
});
afterAll(() => store.close());

describe("projects", () => {
  it("missing in the ERP puts its unposted billable time at stake", () => {
    expect(Object.keys(of("PRJ-01"))).toEqual(["P-orphan"]);
    // (8 + 2.5) h × 150.25; the posted and the non-billable line do not count.
    expect(of("PRJ-01")["P-orphan"]).toMatchObject({
      kind: "missing_right",
      blocking: "hard",
      money: "1577.625",
      money_reporting: "1577.625",
      customer_key: "C-orphan",
    });
  });

  it("may write their code in another case and with blanks around, but not otherwise", () => {
    expect(Object.keys(of("PRJ-03"))).toEqual(["P-code"]);
    expect(of("PRJ-03")["P-code"]).toMatchObject({ severity: 2, blocking: "soft", money: "0" });
  });

  it("may lie a day apart, not two", () => {
    expect(Object.keys(of("PRJ-08"))).toEqual(["P-days"]);
    expect(of("PRJ-08")["P-days"]).toMatchObject({ money: null, blocking: "no" });
  });

  it("that just became active wait, those no longer active are only counted", () => {
    expect(report("projects")?.counts).toMatchObject({ pending: 1, unlinked: 1 });
  });

  it("without a partner's id make one exception for the whole side", async () => {
    const key = "projects|right|unlinked";
    const one = of("SYS-03")[key];
    expect(one).toMatchObject({ comparison: "projects", money: null, blocking: "no" });
    const detail = (await store.query(exceptionDetail, { id: one?.id ?? "" }))[0];
    expect(Evidence.parse(JSON.parse(detail?.evidence ?? "")).detail).toMatchObject({
      count: 1,
      keys: ["unlinked:77"],
      nativeIds: ["erp-unlinked:77"],
    });
  });
});

describe("rates", () => {
  it("missing in the ERP put the uninvoiced time of that customer, role and currency at stake", () => {
    // 3.25 h × 99.99 EUR, × 1.08 in dollars.
    expect(of("RAT-01", "rates-contract-erp")).toMatchObject({
      "C-priceless|Consultant|EUR": {
        money: "324.9675",
        currency: "EUR",
        money_reporting: "350.9649",
        blocking: "hard",
      },
    });
  });

  it("that differ put the difference at stake, not on what is invoiced, free or before the contract", () => {
    // (7.5 + 10) h × (120 − 110.50) GBP.
    expect(of("RAT-02")["C-cheap|Consultant|GBP"]).toMatchObject({
      money: "166.25",
      currency: "GBP",
      money_reporting: "211.1375",
    });
  });

  it("agree when they differ by exactly the tolerance", () => {
    expect(Object.keys(of("RAT-02")).sort()).toEqual(["C-cheap|Consultant|GBP", "C-over|Consultant|USD"]);
  });

  it("are compared to the store's four places", () => {
    expect(report("rates-contract-erp")?.counts).toMatchObject({ match: 5, mismatch: 2, missing_right: 1 });
  });
});

describe("assignments", () => {
  it("missing in the ERP put the next thirty days at stake", () => {
    // 22 weekdays × 8 h × 50 % × 200.
    expect(of("ASG-01")).toMatchObject({ "a-missing": { money: "17600", blocking: "soft" } });
  });

  it("of a project that is missing itself are explained by it", () => {
    expect(Object.keys(of("ASG-01"))).toEqual(["a-missing"]);
  });

  it("that differ put the hours between the two plans times the margin at stake", () => {
    // PSA 15 weekdays × 8 × 50 % = 60 h; ERP 18 × 8 × 75 % = 108 h; 48 h × (200 − 90).
    expect(of("ASG-03")).toMatchObject({ "a-ends": { money: "5280", severity: 3 } });
    expect(Object.keys(of("ASG-03")).sort()).toEqual(["a-ends", "a-erp-cost", "a-no-cost"]);
  });

  it("take a person's cost from the ERP where the PSA holds none, and are unpriced where nobody does", () => {
    // 5 weekdays × 8 h × 50 % = 20 h × (200 − 60).
    expect(of("ASG-03")).toMatchObject({ "a-erp-cost": { money: "2800" }, "a-no-cost": { money: null } });
  });

  it("booked at another rate put the hours to come and the uninvoiced ones at stake", () => {
    // |120 − 100| × (4 weekdays × 8 h + 10 h).
    expect(of("ASG-04")["a-cheap"]).toMatchObject({
      money: "840",
      currency: "GBP",
      money_reporting: "1066.8",
    });
  });
});

describe("time", () => {
  it("approved and not posted is worth its hours at the contract rate", () => {
    expect(Object.keys(of("TIM-01")).sort()).toEqual(["s-early", "s-free", "s-missing", "s-settled"]);
    expect(of("TIM-01")["s-missing"]).toMatchObject({
      money: "1600",
      blocking: "hard",
      customer_key: "C-same",
    });
  });

  it("that nobody bills is worth nothing and blocks nothing", () => {
    expect(of("TIM-01")["s-free"]).toMatchObject({ money: "0", blocking: "no" });
  });

  it("worked before any rate is unpriced, never worth nothing", async () => {
    const one = of("TIM-01")["s-early"];
    expect(one).toMatchObject({ money: null, money_reporting: null, blocking: "hard" });
    const detail = (await store.query(exceptionDetail, { id: one?.id ?? "" }))[0];
    expect(Evidence.parse(JSON.parse(detail?.evidence ?? "")).money).toMatchObject({
      amount: null,
      items: 1,
      unpriced: 1,
    });
  });

  it("of a project that finance does not know is explained by it", () => {
    expect(of("TIM-01")["o-1"]).toBeUndefined();
    expect(report("time")?.counts.missing_right).toBe(7);
  });

  it("posted but not approved is worth the ERP's hours", () => {
    expect(of("TIM-02")["s-withdrawn"]).toMatchObject({ money: "800", blocking: "hard" });
    expect(of("TIM-02")["s-unknown"]).toMatchObject({ money: "0", blocking: "no" });
  });

  it("that differs by the tolerance agrees; by more, the difference is at stake", () => {
    expect(Object.keys(of("TIM-03")).sort()).toEqual(["s-date", "s-hours"]);
    expect(of("TIM-03")["s-hours"]).toMatchObject({ money: "300" });
    expect(of("TIM-03")["s-date"]).toMatchObject({ money: "0" });
  });

  it("posted twice is worth its amount once", async () => {
    expect(of("TIM-06")["s-twice"]).toMatchObject({ money: "1200", kind: "duplicate_key" });
    const items = await store.query(exceptionItems, { id: of("TIM-06")["s-twice"]?.id ?? "", limit: 10 });
    expect(items).toMatchObject([
      { item_key: "s-twice", value: "1200", at_stake: "1200", hours: "6", is_unpriced: false },
    ]);
  });
});

describe("a run", () => {
  it("says how every key came out, and the kinds add up", () => {
    for (const r of reports) {
      expect(r.status, r.detail).toMatch(/clean|exceptions/);
      expect(Object.values(r.counts).reduce((a, b) => a + b, 0)).toBe(r.keys);
    }
    expect(report("time")?.counts).toMatchObject({
      pending: 1,
      duplicate_key: 1,
      missing_left: 2,
      mismatch: 2,
    });
  });

  it("shows what differs, by how much, and why it is raised", async () => {
    const detail = (
      await store.query(exceptionDetail, { id: of("RAT-02")["C-cheap|Consultant|GBP"]?.id ?? "" })
    )[0];
    const evidence = Evidence.parse(JSON.parse(detail?.evidence ?? ""));
    expect(evidence.fields).toEqual([
      {
        name: "rate",
        label: "rate",
        left: "120",
        right: "110.5",
        differs: true,
        waiting: false,
        tolerance: "0.005",
        delta: "-9.5",
      },
    ]);
    expect(evidence.right).toMatchObject({ role: "erp", nativeIds: ["erp-erl-cheap"], rows: 1 });
    expect(evidence.money).toMatchObject({ amount: "166.25", items: 2, unpriced: 0 });
    expect(evidence.why.asOf).toEqual({ left: NOW, right: NOW });
    expect(evidence.why.sentence).toContain("they must agree on rate (± 0.005)");
  });
});
