/** Expenses and milestones, on a firm small enough to do the sums by hand. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manualClock } from "#core/time";
import { type RunReport, reconcile } from "#reconcile/run";
import {
  type ExceptionRow,
  exceptionItems,
  listExceptions,
  QUEUE_START,
  STANDING,
} from "#sql/queries/exceptions";
import { openTestStore, type TestStore } from "../support/store.ts";
import { firmConfig, freshUntil, hoursBefore, put, putEngagement } from "./seed.ts";

const NOW = "2026-06-15T12:00:00.000Z";

let store: TestStore;
let reports: RunReport[];
let found: ExceptionRow[];

const of = (rule: string) =>
  Object.fromEntries(found.filter((e) => e.rule === rule).map((e) => [e.key, e] as const));
const counts = (comparison: string) => reports.find((r) => r.comparison === comparison)?.counts;

beforeAll(async () => {
  store = await openTestStore();
  await freshUntil(store, NOW);
  const home = await putEngagement(store, "home", { currency: "GBP", entity: "GB01" });
  const lost = await putEngagement(store, "lost", { inErp: false });

  const expense = (key: string, more = {}) => ({
    key,
    project_key: home.project,
    resource_key: home.person,
    incurred_on: "2026-05-04",
    amount: "100.1",
    currency: "GBP",
    is_billable: 1,
    is_approved: 1,
    markup_pct: null,
    ...more,
  });
  await put(store, "psa", "expense", [
    ...["same", "cent", "over", "coin", "flag", "both", "twice"].map((key) => expense(key)),
    expense("gone", { markup_pct: "10" }),
    expense("free", { is_billable: 0 }),
    expense("draft", { is_approved: 0 }),
    expense("turned-down"),
    expense("settled", { changed_at: hoursBefore(NOW, 4) }),
    expense("fresh", { changed_at: hoursBefore(NOW, 3.9) }),
    expense("of-lost", { project_key: lost.project }),
    expense("deleted", { is_deleted: 1 }),
  ]);
  await put(store, "erp", "expense", [
    expense("same"),
    expense("cent", { amount: "100.11" }),
    expense("over", { amount: "90.0999" }),
    expense("coin", { currency: "EUR" }),
    expense("flag", { is_billable: 0 }),
    expense("both", { is_billable: 0, amount: "105.1" }),
    expense("turned-down", { is_approved: 0 }),
    expense("deleted", { is_approved: 0 }),
    expense("twice", { native_id: "1" }),
    expense("twice", { native_id: "2" }),
  ]);

  const milestone = (key: string, more = {}) => ({
    key,
    project_key: home.project,
    name: key,
    amount: "20000",
    currency: "GBP",
    due_on: "2026-05-29",
    is_accepted: 1,
    ...more,
  });
  await put(store, "psa", "milestone", [
    ...["m-same", "m-cent", "m-sum", "m-day", "m-gone", "m-held"].map((key) => milestone(key)),
    milestone("m-open", { is_accepted: 0 }),
    milestone("m-waiting", { is_accepted: 0 }),
    milestone("m-taken-back", { is_accepted: 0, changed_at: hoursBefore(NOW, 0.9) }),
    milestone("m-fresh", { changed_at: hoursBefore(NOW, 3.9) }),
    milestone("m-of-lost", { project_key: lost.project }),
  ]);
  await put(store, "erp", "milestone", [
    milestone("m-same"),
    milestone("m-cent", { amount: "20000.01" }),
    milestone("m-sum", { amount: "19500.5", changed_at: hoursBefore(NOW, 24) }),
    milestone("m-day", { due_on: "2026-05-30" }),
    milestone("m-held", { is_accepted: 0 }),
    milestone("m-open", { amount: "7000" }),
    milestone("m-waiting", { is_accepted: 0 }),
    milestone("m-taken-back"),
    milestone("m-nowhere", { amount: "1" }),
  ]);

  const clock = manualClock(NOW);
  const deps = { clock, config: firmConfig() };
  await reconcile(store, deps, { mode: "full" });
  clock.advance(1000);
  reports = await reconcile(store, deps, { mode: "full" });
  found = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 500 });
});
afterAll(() => store.close());

describe("an approved expense", () => {
  it("must be in the ERP, approved there too, once it has settled", () => {
    expect(Object.keys(of("EXP-01")).sort()).toEqual(["free", "gone", "settled", "turned-down"]);
    expect(counts("expenses")).toMatchObject({ pending: 1, duplicate_key: 1, match: 2 });
  });

  it("is worth its amount with its markup, and nothing when it is not billed on", () => {
    expect(of("EXP-01").gone).toMatchObject({
      money: "110.11",
      currency: "GBP",
      money_reporting: "139.8397",
      severity: 2,
      blocking: "hard",
      customer_key: "C-home",
      legal_entity: "GB01",
    });
    expect(of("EXP-01").free).toMatchObject({ money: "0", blocking: "no" });
  });

  it("must have the same amount to the cent, and the same currency", () => {
    expect(Object.keys(of("EXP-02")).sort()).toEqual(["both", "coin", "over"]);
    expect(of("EXP-02").over).toMatchObject({ money: "10.0001", blocking: "soft" });
    expect(of("EXP-02").both?.money).toBe("5");
    // Amounts in different currencies have no difference.
    expect(of("EXP-02").coin).toMatchObject({ money: "100.1", currency: "GBP" });
  });

  it("must be billed on in both systems or in neither", () => {
    expect(Object.keys(of("EXP-03")).sort()).toEqual(["both", "flag"]);
    expect(of("EXP-03").flag).toMatchObject({ money: "100.1", blocking: "hard", field_group: "billing" });
  });

  it("of a project the ERP does not know is told of there", () => {
    expect(of("EXP-01")["of-lost"]).toBeUndefined();
    expect(Object.keys(of("PRJ-01"))).toEqual(["P-lost"]);
  });

  it("is an item of its own kind", async () => {
    const id = of("EXP-01").gone?.id ?? "";
    const items = await store.query(exceptionItems, { id, limit: 5 });
    expect(items).toMatchObject([
      { item_key: "expense:gone", work_on: "2026-05-04", value: "110.11", at_stake: "110.11", hours: "0" },
    ]);
  });
});

describe("an accepted milestone", () => {
  it("must be ready to be billed in the ERP", () => {
    expect(Object.keys(of("MIL-01")).sort()).toEqual(["m-gone", "m-held"]);
    expect(of("MIL-01")["m-held"]).toMatchObject({ money: "20000", currency: "GBP", blocking: "hard" });
    expect(counts("milestones")).toMatchObject({ match: 2, missing_left: 2, pending: 2, mismatch: 2 });
  });

  it("must have the same amount to the cent and the same date", () => {
    expect(Object.keys(of("MIL-03")).sort()).toEqual(["m-day", "m-sum"]);
    expect(of("MIL-03")["m-sum"]?.money).toBe("499.5");
    expect(of("MIL-03")["m-day"]?.money).toBe("0");
  });
});

describe("a milestone nobody accepted", () => {
  it("must not be billed or ready to be", () => {
    expect(Object.keys(of("MIL-04")).sort()).toEqual(["m-nowhere", "m-open"]);
    expect(of("MIL-04")["m-open"]).toMatchObject({ money: "7000", severity: 1, blocking: "soft" });
  });
});
