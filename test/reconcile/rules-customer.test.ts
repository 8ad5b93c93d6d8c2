/** The rules about customers, on a firm small enough to do the sums by hand. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixed } from "#core/decimal";
import { manualClock } from "#core/time";
import { type RunReport, reconcile } from "#reconcile/run";
import { type ExceptionRow, listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import { openTestStore, type TestStore } from "../support/store.ts";
import { putContract, putSold } from "./contracts.ts";
import { firmConfig, freshUntil, hoursBefore, put } from "./seed.ts";

/** A Monday. */
const NOW = "2026-06-15T12:00:00.000Z";

let store: TestStore;
let reports: RunReport[];
let found: ExceptionRow[];

const of = (rule: string) =>
  Object.fromEntries(
    found.filter((e) => e.rule === rule).map((e) => [e.key, e.money === null ? null : fixed(e.money, 4)]),
  );
const gone = { is_deleted: 1 };

beforeAll(async () => {
  store = await openTestStore();
  await freshUntil(store, NOW);
  // 12 hours at 200 to bill, and 8 that are billed already.
  const lines = [{}, { hours: "4" }, { is_invoiced: 1 }, { is_billable: 0 }];

  await putSold(store, "known", { lines });
  // CUS-01
  await putSold(store, "unknown", { lines, customer: gone });
  await putSold(store, "fresh", {
    contract: { changed_at: hoursBefore(NOW, 0.9) },
    customer: gone,
  });
  await putSold(store, "due", { contract: { changed_at: hoursBefore(NOW, 1) }, customer: gone });
  await putSold(store, "unsigned", { contract: { is_signed: 0 }, customer: gone });
  await putSold(store, "over", { contract: { end_on: "2026-06-14" }, customer: gone });
  await putSold(store, "lastday", { contract: { end_on: "2026-06-15" }, customer: gone });
  await putSold(store, "openended", { contract: { end_on: "1970-01-01" }, customer: gone });
  await put(store, "psa", "project", [
    { key: "P-unset", code: "U", customer_key: "C-unknown", is_active: 1, is_billable: 1, currency: "USD" },
  ]);

  // CUS-03
  await putSold(store, "entity", { lines, contract: { legal_entity: "GB01" } });
  await putSold(store, "twoentities", { contract: { legal_entity: "GB01" } });
  await putContract(store, "K-twoentities-2", "C-twoentities", { legal_entity: "US01" });

  // CUS-05
  await putSold(store, "currency", { lines, contract: { currency: "EUR", payment_terms: "Net 30" } });
  await putSold(store, "terms", {
    lines,
    contract: { payment_terms: "Net 30" },
    customer: { payment_terms: "60 days" },
  });
  await putSold(store, "spelled", {
    contract: { payment_terms: " 30 DAYS net" },
    customer: { payment_terms: "Net 30" },
  });
  await putSold(store, "cased", {
    contract: { payment_terms: "On receipt" },
    customer: { payment_terms: "on RECEIPT " },
  });
  await putSold(store, "silent", { customer: { payment_terms: "Net 60" } });
  await putSold(store, "words", {
    lines,
    contract: { payment_terms: "on receipt" },
    customer: { payment_terms: "Net 60" },
  });
  await putSold(store, "termsfresh", {
    contract: { payment_terms: "Net 30" },
    customer: { payment_terms: "Net 60", changed_at: hoursBefore(NOW, 23.9) },
  });

  // CUS-07
  await putSold(store, "child", { lines, customer: { parent_key: "C-known" } });
  await put(store, "crm", "customer", [
    {
      key: "C-same",
      name: "same",
      parent_key: "C-known",
      currency: "USD",
      legal_entity: "US01",
      is_active: 1,
    },
  ]);
  await putContract(store, "K-same", "C-same");
  await put(store, "erp", "customer", [
    {
      key: "C-same",
      name: "same",
      parent_key: "C-known",
      currency: "USD",
      legal_entity: "US01",
      is_active: 1,
    },
  ]);

  // CUS-06
  await putSold(store, "inactive", { lines, customer: { is_active: 0 } });
  await putSold(store, "held", { lines, customer: { is_on_hold: 1 } });
  await putSold(store, "idle", { customer: { is_active: 0 }, project: { is_active: 0 } });
  await putSold(store, "internal", { customer: { is_active: 0 }, project: { is_billable: 0 } });
  await putSold(store, "heldfresh", {
    customer: { is_on_hold: 1, changed_at: hoursBefore(NOW, 0.9) },
  });

  // CUS-02
  const record = { legal_entity: "US01", currency: "USD", is_active: 1, tax_number: "" };
  await putSold(store, "twin", { lines, customer: { tax_number: "DE 812-3" } });
  await put(store, "erp", "customer", [
    { key: "unlinked:501", native_id: "501", name: "Twin again", ...record, tax_number: "de8123" },
    { key: "unlinked:502", native_id: "502", name: " KNOWN", ...record },
    { key: "unlinked:503", native_id: "503", name: "Spelled", ...record, legal_entity: "GB01" },
    { key: "unlinked:504", native_id: "504", name: "silent", ...record, is_active: 0 },
    { key: "unlinked:505", native_id: "505", name: "Pair", ...record, tax_number: "X9" },
    { key: "unlinked:506", native_id: "506", name: "pair", ...record, tax_number: "X-9" },
  ]);

  const deps = { clock: manualClock(NOW), config: firmConfig() };
  await reconcile(store, deps, { mode: "full" });
  reports = await reconcile(store, deps, { mode: "full" });
  found = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 1000 });
}, 240_000);
afterAll(() => store.close());

describe("every comparison of customers", () => {
  it("was concluded", () => {
    for (const id of ["clients", "client-work", "customer-records"])
      expect(reports.find((r) => r.comparison === id)).toMatchObject({ status: "exceptions", detail: "" });
  });
});

describe("CUS-01 a customer missing in the ERP", () => {
  it("is found while a contract is signed and runs, its last day included, once it is an hour old", () => {
    expect(of("CUS-01")).toEqual({
      "C-unknown": "2400.0000",
      "C-due": "0.0000",
      "C-lastday": "0.0000",
      "C-openended": "0.0000",
    });
  });

  it("explains that its projects and prices are missing too", () => {
    const keys = found.filter((e) => ["PRJ-01", "RAT-01"].includes(e.rule)).map((e) => e.key);
    expect(keys.filter((k) => k.includes("unset") || k.includes("unknown"))).toEqual([]);
  });
});

describe("CUS-03 a customer in another legal entity", () => {
  it("is found where no running contract names the ERP's", () => {
    expect(of("CUS-03")).toEqual({ "C-entity": "2400.0000" });
  });
});

describe("CUS-05 a customer's currency or terms", () => {
  it("put all of the work at stake where the currency differs, else what the days between the terms cost", () => {
    expect(of("CUS-05")).toEqual({
      "C-currency": "2400.0000",
      // 1600 and 800, each × 30 ÷ 365 × 8 %.
      "C-terms": "15.7808",
      // Terms without a number of days cannot be priced.
      "C-words": null,
    });
  });
});

describe("CUS-06 a blocked customer with active work", () => {
  it("is found whether inactive or on hold, while a billable project is active", () => {
    expect(of("CUS-06")).toEqual({ "C-inactive": "2400.0000", "C-held": "2400.0000" });
  });
});

describe("CUS-07 a customer's parent", () => {
  it("is found where only one system has it", () => {
    expect(of("CUS-07")).toEqual({ "C-child": "2400.0000" });
  });
});

describe("CUS-02 a customer held more than once", () => {
  it("is suggested by tax number, or by name within a legal entity, among active records only", () => {
    expect(of("CUS-02")).toEqual({
      "tax:DE8123": "2400.0000",
      "name:known|US01": "2400.0000",
      // Alike in both is one group, not two; nobody's work hangs on it.
      "tax:X9": "0.0000",
    });
  });
});
