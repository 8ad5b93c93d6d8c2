/** Invoices and what they bill, on a firm small enough to do the sums by hand. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manualClock } from "#core/time";
import { type RunReport, reconcile } from "#reconcile/run";
import { type ExceptionRow, listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import { openTestStore, type TestStore } from "../support/store.ts";
import { firmConfig, freshUntil, hoursBefore, put, putEngagement, timeLine } from "./seed.ts";

/** March is late, April is not: it may be billed until the end of June. */
const NOW = "2026-06-15T12:00:00.000Z";

let store: TestStore;
let reports: RunReport[];
let found: ExceptionRow[];

const of = (rule: string) =>
  Object.fromEntries(found.filter((e) => e.rule === rule).map((e) => [e.key, e] as const));
const counts = (comparison: string) => reports.find((r) => r.comparison === comparison)?.counts;

type Line = Record<string, unknown>;
type Work = Awaited<ReturnType<typeof putEngagement>>;

async function putInvoice(key: string, work: Work, lines: readonly Line[], more: Line = {}): Promise<void> {
  const sum = lines.reduce((n, l) => n + BigInt(String(l.cents)), 0n);
  const decimal = (cents: unknown) => {
    const text = String(cents).replace("-", "").padStart(3, "0");
    return `${String(cents).startsWith("-") ? "-" : ""}${text.slice(0, -2)}.${text.slice(-2)}`;
  };
  await put(store, "erp", "invoice", [
    {
      key,
      number: key,
      project_key: work.project,
      customer_key: work.customer,
      issued_on: "2026-05-05",
      total: decimal(sum),
      currency: "USD",
      is_released: 1,
      po_number: "",
      is_void: 0,
      tax: null,
      ...more,
    },
  ]);
  await put(
    store,
    "erp",
    "invoice_line",
    lines.map(({ cents, ...line }, n) => ({
      key: `${key}:${n}`,
      invoice_key: key,
      project_key: work.project,
      hours: "0",
      time_key: "",
      milestone_key: "",
      expense_key: "",
      rate: null,
      amount: decimal(cents),
      currency: "USD",
      ...line,
    })),
  );
}

/** A line that bills 8 h of a line of time. */
const bills = (time_key: string, rate: string, cents: number, more: Line = {}): Line => ({
  time_key,
  rate,
  hours: "8",
  cents,
  ...more,
});

beforeAll(async () => {
  store = await openTestStore();
  await freshUntil(store, NOW);
  const w = await putEngagement(store, "work");
  const p = await putEngagement(store, "ordered");
  const lost = await putEngagement(store, "lost", { inErp: false });
  const unpriced = { ...w, person: "E-nobody" };
  const march = { work_on: "2026-03-15" };
  const time = (key: string, more: Line = {}, of: Work = w) => timeLine(key, of, { ...march, ...more });

  await put(store, "psa", "time_entry", [
    // Left over: 8 h × 200, and one that nothing prices.
    time("late"),
    time("late-unpriced", {}, unpriced),
    time("late-free", { is_billable: 0 }),
    time("late-draft", { is_approved: 0 }),
    time("april", { work_on: "2026-04-01" }),
    time("february-fresh", { work_on: "2026-02-28", changed_at: hoursBefore(NOW, 23.9) }),
    time("of-lost", {}, lost),
    // On an invoice although the PSA does not say so yet.
    time("untold"),
    // Billed, according to the PSA.
    ...["b1", "b2", "b3", "b4", "b5", "b6", "b7", "v1", "v2", "half", "r1"].map((key) =>
      time(key, { is_invoiced: 1, work_on: "2026-04-10" }),
    ),
    time("nowhere", { is_invoiced: 1, work_on: "2026-06-01" }),
    time("nowhere-fresh", { is_invoiced: 1, work_on: "2026-01-05", changed_at: hoursBefore(NOW, 3.9) }),
  ]);
  const spent = { project_key: w.project, is_invoiced: 0, currency: "USD", is_billable: 1, is_approved: 1 };
  await put(store, "psa", "expense", [
    { ...spent, key: "x-late", amount: "50", incurred_on: "2026-03-31" },
    { ...spent, key: "x-billed", amount: "75", incurred_on: "2026-03-31", is_invoiced: 1 },
    { ...spent, key: "x-nowhere", amount: "30.25", incurred_on: "2026-06-01", is_invoiced: 1 },
  ]);
  const due = { project_key: w.project, currency: "USD", is_accepted: 1, due_on: "2026-03-01" };
  await put(store, "psa", "milestone", [
    { ...due, key: "m-late", amount: "1000" },
    { ...due, key: "m-charged", amount: "900" },
    { ...due, key: "m-half", amount: "500" },
  ]);
  await put(store, "erp", "milestone", [{ ...due, key: "m-charged", amount: "900", is_invoiced: 1 }]);

  // Right, half a cent off, and 2.50 off for 8 h.
  await putInvoice("I-right", w, [bills("b1", "200", 160000), bills("untold", "200", 160000)]);
  await putInvoice("I-edge", w, [bills("b2", "200.005", 160004)]);
  await putInvoice("I-off", w, [bills("b3", "197.5", 158000), bills("b4", "200.0051", 160004)]);
  await putInvoice("I-off-fresh", w, [bills("b5", "190", 152000)], { changed_at: hoursBefore(NOW, 0.9) });
  await putInvoice("I-unpriced", unpriced, [
    { time_key: "late-unpriced-2", rate: "1", hours: "1", cents: 100 },
  ]);
  // Sums: a cent for each line is allowed, and the tax is part of the total.
  await putInvoice("I-sum-edge", w, [{ cents: 1000 }, { cents: 1000 }], { total: "20.02" });
  await putInvoice("I-sum-off", w, [{ cents: 1000 }, { cents: 1000 }], { total: "20.0201" });
  await putInvoice("I-taxed", w, [{ cents: 1000 }], { total: "11.90", tax: "1.90" });
  await putInvoice("I-tax-off", w, [{ cents: 1000 }], { total: "10.00", tax: "1.90" });
  await putInvoice("I-empty", w, [], { total: "5.00" });
  const many = Array.from({ length: 200 }, () => ({ cents: 100 }));
  await putInvoice("I-many-edge", w, many, { total: "201.00" });
  await putInvoice("I-many-off", w, many, { total: "201.01" });
  // Twice: the later invoice is told of; credited and split lines are not.
  await putInvoice("I-first", w, [bills("b6", "200", 160000), { expense_key: "x-billed", cents: 7500 }]);
  await putInvoice("I-again", w, [bills("b6", "200", 160000), { expense_key: "x-billed", cents: 7500 }], {
    issued_on: "2026-06-01",
  });
  await putInvoice("I-credited", w, [bills("b7", "200", 160000)]);
  await putInvoice("I-credit", w, [bills("b7", "200", 160000), bills("b7", "200", -160000)], {
    issued_on: "2026-06-01",
  });
  await putInvoice("I-split", w, [bills("half", "200", 80000, { hours: "4" })]);
  await putInvoice("I-split-2", w, [bills("half", "200", 80000, { hours: "4" })]);
  await putInvoice("I-part", w, [{ milestone_key: "m-half", cents: 25000 }]);
  await putInvoice("I-part-2", w, [{ milestone_key: "m-half", cents: 25000 }]);
  // Voided: still called invoiced; billed anew.
  await putInvoice("I-void", w, [bills("v1", "200", 160000), bills("v2", "200", 160000)], { is_void: 1 });
  await putInvoice("I-anew", w, [bills("v2", "200", 160000)]);
  await putInvoice("I-void-told", w, [bills("r1-other", "200", 160000)], { is_void: 1 });
  await putInvoice("I-rest", w, [bills("r1", "200", 160000)]);
  // Orders.
  await put(store, "psa", "project", [
    {
      key: p.project,
      customer_key: p.customer,
      is_active: 1,
      is_billable: 1,
      currency: "USD",
      contract_key: "K-1",
      start_on: "2026-01-05",
      end_on: "2026-12-31",
      code: "CODE-ordered",
      changed_at: "2026-05-02T08:00:00.000Z",
    },
  ]);
  await put(store, "crm", "contract", [{ key: "K-1", is_po_required: 1, is_signed: 1 }]);
  await putInvoice("I-no-order", p, [{ cents: 123456 }]);
  await putInvoice("I-order", p, [{ cents: 100 }], { po_number: "PO-7" });
  await putInvoice("I-no-order-void", p, [{ cents: 100 }], { is_void: 1 });

  const clock = manualClock(NOW);
  const deps = { clock, config: firmConfig() };
  await reconcile(store, deps, { mode: "full" });
  clock.advance(1000);
  reports = await reconcile(store, deps, { mode: "full" });
  found = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 500 });
});
afterAll(() => store.close());

describe("billable items", () => {
  it("must be on an invoice once the second month after theirs is over", () => {
    expect(Object.keys(of("INV-01"))).toEqual(["P-work|2026-03"]);
    // 8 h × 200, an expense of 50 and a milestone of 1,000; one line has no rate.
    expect(of("INV-01")["P-work|2026-03"]).toMatchObject({
      money: "2650",
      currency: "USD",
      severity: 1,
      blocking: "soft",
      field_group: "uninvoiced_time+uninvoiced_expenses+uninvoiced_milestones",
      customer_key: "C-work",
    });
  });

  it("settle for a day, and count with a project the ERP does not know", () => {
    expect(counts("billing-months")).toMatchObject({ pending: 2 });
    expect(Object.keys(of("PRJ-01"))).toEqual(["P-lost"]);
  });

  it("the PSA calls invoiced must be on an invoice of the ERP, voided or not", () => {
    expect(Object.keys(of("INV-06"))).toEqual(["P-work|2026-06"]);
    expect(of("INV-06")["P-work|2026-06"]).toMatchObject({ money: "1630.25", blocking: "hard" });
  });
});

describe("a line of an invoice", () => {
  it("must have the contract's rate, to half a cent", () => {
    expect(Object.keys(of("INV-02"))).toEqual(["I-off"]);
    // 2.50 × 8 h and 0.0051 × 8 h.
    expect(of("INV-02")["I-off"]).toMatchObject({ money: "20.0408", blocking: "hard", currency: "USD" });
    expect(counts("invoice-rates")).toMatchObject({ pending: 1, mismatch: 1 });
  });

  it("must not bill what is billed before, net of credits and parts", () => {
    expect(Object.keys(of("INV-04"))).toEqual(["I-again"]);
    expect(of("INV-04")["I-again"]).toMatchObject({ money: "1675", severity: 1, blocking: "hard" });
  });
});

describe("the total of an invoice", () => {
  it("is that of its lines and tax, to a cent a line and one unit in all", () => {
    expect(Object.keys(of("INV-03")).sort()).toEqual(["I-many-off", "I-sum-off", "I-tax-off"]);
    expect(of("INV-03")["I-sum-off"]?.money).toBe("0.0201");
    expect(of("INV-03")["I-tax-off"]?.money).toBe("1.9");
    expect(of("INV-03")["I-many-off"]?.money).toBe("1.01");
  });
});

describe("a voided invoice", () => {
  it("must leave nothing invoiced in the PSA that no other invoice bills", () => {
    expect(Object.keys(of("INV-07"))).toEqual(["I-void"]);
    expect(of("INV-07")["I-void"]).toMatchObject({ money: "1600", blocking: "soft" });
  });
});

describe("an invoice", () => {
  it("must name the purchase order its contract asks for", () => {
    expect(Object.keys(of("INV-08"))).toEqual(["I-no-order"]);
    expect(of("INV-08")["I-no-order"]).toMatchObject({ money: "1234.56", blocking: "hard" });
  });
});
