/** The rules about sales and contracts, on a firm small enough to do the sums by hand. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixed } from "#core/decimal";
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
import { putAmendment, putContract, putSold } from "./contracts.ts";
import { firmConfig, freshUntil, hoursBefore, put } from "./seed.ts";

/** A Monday. */
const NOW = "2026-06-15T12:00:00.000Z";

let store: TestStore;
let reports: RunReport[];
let found: ExceptionRow[];

const of = (rule: string, comparison?: string) =>
  Object.fromEntries(
    found
      .filter((e) => e.rule === rule && (comparison === undefined || e.comparison === comparison))
      .map((e) => [e.key, e.money === null ? null : fixed(e.money, 4)]),
  );

beforeAll(async () => {
  store = await openTestStore();
  await freshUntil(store, NOW);
  // 12 hours at 200 to bill, and 8 that are billed already.
  const lines = [{}, { hours: "4" }, { is_invoiced: 1 }, { is_billable: 0 }];
  const sale = (key: string, more: Record<string, unknown> = {}) => ({
    key,
    name: key,
    customer_key: "C-sound",
    contract_key: "",
    stage: "Closed Won",
    is_won: 1,
    is_closed: 1,
    amount: "90000",
    currency: "USD",
    close_on: "2026-05-01",
    ...more,
  });
  await putSold(store, "sound", { lines, contract: { value: "1000" }, sale: { amount: "1000" } });

  // CON-01: 182 days, of which the 60 from 16 June to 14 August come next.
  const half = { value: "18200", start_on: "2026-06-16", end_on: "2026-12-14" };
  await putContract(store, "K-idle", "C-sound", half);
  await putContract(store, "K-raised", "C-sound", half);
  await putAmendment(store, "A-raised", "K-raised", { value: "1820" });
  await putContract(store, "K-endless", "C-sound", { value: "500", end_on: "1970-01-01" });
  await putContract(store, "K-master", "C-sound");
  await putContract(store, "K-past", "C-sound", { value: "500", end_on: "2026-06-14" });
  await putContract(store, "K-draft", "C-sound", { value: "500", is_signed: 0 });
  await putContract(store, "K-new", "C-sound", { value: "500", changed_at: hoursBefore(NOW, 3.9) });

  // OPP-01
  await put(store, "crm", "opportunity", [
    sale("O-alone"),
    sale("O-signed", { contract_key: "K-idle", amount: "18200" }),
    sale("O-noamount", { amount: null }),
    sale("O-long", { contract_key: "K-long" }),
    sale("O-old", { close_on: "2025-06-15" }),
    sale("O-open", { is_won: 0, is_closed: 0 }),
    sale("O-new", { changed_at: hoursBefore(NOW, 3.9) }),
    sale("O-settled", { changed_at: hoursBefore(NOW, 4), amount: "1" }),
  ]);
  // No value, so nothing waits for a project by itself; 360 days.
  await putContract(store, "K-long", "C-sound", { start_on: "2026-01-01", end_on: "2026-12-26" });
  // The project names the contract and not the sale.
  await putSold(store, "direct", {
    contract: { value: "1000" },
    sale: { amount: "1000" },
    project: { opportunity_key: "", contract_key: "K-direct" },
  });

  // OPP-02: 0.5 % of 100,000 is 500; of 10,000 it is 50, and 100 is allowed.
  const sold = (name: string, value: string, amount: string, more: Record<string, unknown> = {}) =>
    putSold(store, name, { contract: { value }, sale: { amount, ...more } });
  await sold("edge", "100000", "100500");
  await sold("beyond", "100000", "100500.01");
  await sold("little", "10000", "9900");
  await sold("less", "10000", "9899.99");
  await sold("foreign", "5000", "5000", { currency: "EUR" });
  await sold("split", "100000", "60000");
  await put(store, "crm", "opportunity", [sale("O-split-2", { contract_key: "K-split", amount: "40000" })]);
  await sold("novalue", "7", "7");
  await putContract(store, "K-novalue", "C-novalue", { value: null });

  // OPP-03
  await putSold(store, "lost", { lines, sale: { is_won: 0, stage: "Closed Lost" } });
  await putSold(store, "reopened", { lines, sale: { is_won: 0, is_closed: 0, stage: "Negotiation" } });
  await putSold(store, "lostdone", { sale: { is_won: 0 }, project: { is_active: 0 } });

  // CON-02
  const billed = (name: string, contract: string, psa: string, erp: string, more = {}) =>
    putSold(store, name, {
      lines,
      contract: { billing_type: contract },
      project: { billing_type: psa, ...more },
      job: { billing_type: erp },
    });
  await billed("psafixed", "T&M", "Fixed Price", "Time and Materials");
  await billed("erpfixed", "Time and Materials", "time & material", "Fixed Bid, Milestone");
  await billed("capped", "Time and Materials, capped", "Time and Materials", "Time and Materials");
  await billed("uncapped", "Fixed Fee", "Capped", "Fixed Bid, Interval");
  await billed("odd", "Retainer", "Fixed Price", "Time and Materials");
  await billed("oddjob", "Fixed Fee", "Retainer", "Charge-Based");
  await billed("finished", "T&M", "Fixed Price", "Fixed Bid, Milestone", { is_active: 0 });

  // CON-03: lines are of 4 May unless told otherwise.
  const late = [...lines, { work_on: "2026-05-03", hours: "5" }, { work_on: "2026-05-05", is_approved: 0 }];
  await putSold(store, "late", { lines: late, contract: { end_on: "2026-05-03" } });
  await putSold(store, "intime", { lines, contract: { end_on: "2026-05-04" } });
  await putSold(store, "extended", { lines, contract: { end_on: "2026-04-30" } });
  await putAmendment(store, "A-extended", "K-extended", { end_on: "2026-09-30" });
  await putSold(store, "hoped", { lines: [{}], contract: { end_on: "2026-04-30" } });
  await putAmendment(store, "A-hoped", "K-hoped", { end_on: "2026-09-30", is_signed: 0 });
  await putSold(store, "cut", { lines: [{}] });
  await putAmendment(store, "A-cut-1", "K-cut", { end_on: "2027-03-31", signed_on: "2026-02-01" });
  await putAmendment(store, "A-cut-2", "K-cut", { end_on: "2026-04-15", signed_on: "2026-04-01" });
  await putSold(store, "lateundone", {
    lines: [{ is_deleted: 1 }],
    contract: { end_on: "2026-04-30" },
  });
  await putSold(store, "latefresh", {
    lines: [{ changed_at: hoursBefore(NOW, 3.9) }],
    contract: { end_on: "2026-04-30" },
  });

  // CON-04: 1600 a line.
  const three = [
    { work_on: "2026-05-04" },
    { work_on: "2026-05-05", is_invoiced: 1 },
    { work_on: "2026-05-06" },
    { work_on: "2026-05-07", is_billable: 0 },
  ];
  await putSold(store, "overcap", { lines: three, contract: { cap: "2000" } });
  await putSold(store, "atcap", { lines: three, contract: { cap: "4800" } });
  await putSold(store, "cent", { lines: three, contract: { cap: "4799.99" } });
  await putSold(store, "lifted", { lines: three, contract: { cap: "2000" } });
  await putAmendment(store, "A-lifted", "K-lifted", { cap: "2800" });
  await putSold(store, "hopedcap", { lines: three, contract: { cap: "4000" } });
  await putAmendment(store, "A-hopedcap", "K-hopedcap", { cap: "2800", is_signed: 0 });
  await putSold(store, "nought", { lines: [{}], contract: { cap: "0" } });
  await putSold(store, "unpriced", { lines: [{ work_on: "2025-12-31" }], contract: { cap: "1" } });

  // CON-07
  const order = { is_po_required: 1, po_number: "PO-1" };
  await putSold(store, "nopo", { lines, contract: order });
  await putSold(store, "blankpo", { contract: order, job: { po_number: "  " } });
  await putSold(store, "po", { contract: order, job: { po_number: "PO-1" } });
  await putSold(store, "pofresh", { contract: { ...order, changed_at: hoursBefore(NOW, 3.9) } });
  await putSold(store, "podone", { contract: order, project: { is_active: 0 } });

  const deps = { clock: manualClock(NOW), config: firmConfig() };
  await reconcile(store, deps, { mode: "full" });
  reports = await reconcile(store, deps, { mode: "full" });
  found = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 1000 });
}, 240_000);
afterAll(() => store.close());

describe("every comparison of contracts", () => {
  it("was concluded", () => {
    const ids = ["signed-contracts", "won-sales", "sale-amounts", "sale-outcomes", "contract-ends"];
    for (const id of [...ids, "contract-caps", "purchase-orders", "billing-models-psa", "billing-models-erp"])
      expect(reports.find((r) => r.comparison === id)).toMatchObject({ status: "exceptions", detail: "" });
  });
});

describe("OPP-01 a won sale without a project", () => {
  it("is found within a year, worth what falls in the first 90 days, unless its contract tells of it", () => {
    expect(of("OPP-01")).toEqual({
      "O-alone": "90000.0000",
      "O-long": "22500.0000",
      "O-noamount": "0.0000",
      "O-settled": "1.0000",
    });
  });
});

describe("OPP-02 a sale that differs from the contract", () => {
  it("counts beyond 100 and beyond half a percent, neither bound included, and in another currency", () => {
    expect(of("OPP-02")).toEqual({
      "K-beyond": "500.0100",
      "K-less": "100.0100",
      "K-foreign": "5000.0000",
    });
  });

  it("is shown with both bounds", async () => {
    const less = found.find((e) => e.rule === "OPP-02" && e.key === "K-less");
    const [detail] = await store.query(exceptionDetail, { id: less?.id ?? "" });
    const fields = Evidence.parse(JSON.parse(detail?.evidence ?? "")).fields;
    expect(fields.map((f) => [f.label, f.tolerance])).toEqual([
      ["amount", "100 or 0.5 %"],
      ["currency", null],
    ]);
  });
});

describe("OPP-03 an active project of a sale that is not won", () => {
  it("is found whether lost or opened again", () => {
    expect(of("OPP-03")).toEqual({ "O-lost": "2400.0000", "O-reopened": "2400.0000" });
  });
});

describe("CON-01 a signed contract without a project", () => {
  it("is worth what falls in the next 60 days, with its amendments", () => {
    expect(of("CON-01")).toEqual({
      "K-idle": "6000.0000",
      "K-raised": "6600.0000",
      "K-endless": "500.0000",
    });
  });
});

describe("CON-02 work billed another way than signed", () => {
  it("is found in either system, whatever words it uses; what is not known says nothing", () => {
    expect(of("CON-02", "billing-models-psa")).toEqual({
      "P-psafixed": "2400.0000",
      "P-uncapped": "2400.0000",
    });
    expect(of("CON-02", "billing-models-erp")).toEqual({ "P-erpfixed": "2400.0000" });
  });
});

describe("CON-03 work after the contract's end", () => {
  it("is found after the end that was signed last, the last day still being in time", () => {
    expect(of("CON-03")).toEqual({ "K-late": "2400.0000", "K-hoped": "1600.0000", "K-cut": "1600.0000" });
  });
});

describe("CON-04 work beyond the cap", () => {
  it("is worth what lies beyond it, invoiced or not", () => {
    expect(of("CON-04")).toEqual({
      "K-overcap": "2800.0000",
      "K-cent": "0.0100",
      "K-hopedcap": "800.0000",
      "K-nought": "1600.0000",
    });
  });

  it("holds up the lines it is made of, of the first only the part beyond", async () => {
    const over = found.find((e) => e.rule === "CON-04" && e.key === "K-overcap");
    const items = await store.query(exceptionItems, { id: over?.id ?? "", limit: 10 });
    expect(items.map((i) => [i.item_key, fixed(i.value, 4), fixed(i.at_stake, 4)]).sort()).toEqual([
      ["overcap-2", "1600.0000", "1200.0000"],
      ["overcap-3", "1600.0000", "1600.0000"],
    ]);
  });
});

describe("CON-07 a purchase order that is missing", () => {
  it("is found on active projects whose contract requires one", () => {
    expect(of("CON-07")).toEqual({ "P-nopo": "2400.0000", "P-blankpo": "0.0000" });
  });
});
