/** Clients' names, projects' states and projects' own prices, on a firm small enough to do the sums by hand. */
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

/** A Monday. */
const NOW = "2026-06-15T12:00:00.000Z";

let store: TestStore;
let reports: RunReport[];
let found: ExceptionRow[];

const of = (rule: string, comparison?: string) =>
  Object.fromEntries(
    found
      .filter((e) => e.rule === rule && (!comparison || e.comparison === comparison))
      .map((e) => [e.key, e]),
  );
const report = (comparison: string) => reports.find((r) => r.comparison === comparison);
const evidenceOf = async (row: ExceptionRow | undefined) => {
  const [detail] = await store.query(exceptionDetail, { id: row?.id ?? "" });
  return Evidence.parse(JSON.parse(detail?.evidence ?? ""));
};

beforeAll(async () => {
  store = await openTestStore();
  await freshUntil(store, NOW);

  // Names.
  const clients = (names: Record<string, string>, more = {}) =>
    Object.entries(names).map(([key, name]) => ({ key, name, ...more }));
  await put(store, "crm", "customer", [
    ...clients({ "C-same": "Contoso Ltd", "C-wide": "Fabrikam  Ltd", "C-other": "Adatum Ltd" }),
    ...clients({ "C-fresh": "Old Name", "C-lone": "Only here", "C-left": "Gone Ltd" }),
  ]);
  await put(store, "psa", "customer", [
    ...clients({ "C-same": "Contoso Ltd", "C-wide": "\tFABRIKAM\u00a0Ltd ", "C-other": "Adatum Limited" }),
    ...clients({ "C-fresh": "New Name" }, { changed_at: hoursBefore(NOW, 23.9) }),
    ...clients({ "C-left": "Somebody Else" }, { is_deleted: 1 }),
  ]);
  await put(store, "erp", "customer", [
    // A full-width letter and a decomposed one are the same letters to a reader.
    ...clients({ "C-same": "Ｃontoso Ltd", "C-wide": "fabrikam ltd", "C-other": "Adatum Ltd" }),
    ...clients({ "C-fresh": "New Name" }, { changed_at: hoursBefore(NOW, 24) }),
    ...clients({ "C-left": "Somebody Else" }, { is_deleted: 1 }),
    ...clients({ "unlinked:9": "No partner" }),
  ]);

  // States. Unbilled on each: 8 h, of which the contract prices the lot.
  const states = [
    ["shut-in-erp", 1, 0],
    ["shut-in-psa", 0, 1],
    ["shut", 0, 0],
    ["open", 1, 1],
    ["just-shut", 1, 0],
    ["internal", 1, 0],
  ] as const;
  const seeded: Record<string, Awaited<ReturnType<typeof putEngagement>>> = {};
  for (const [name, psa, erp] of states) {
    const e = await putEngagement(store, name, { rate: "100.5" });
    seeded[name] = e;
    const row = { key: e.project, customer_key: e.customer, currency: "USD", legal_entity: "US01" };
    const changed_at = name === "just-shut" ? hoursBefore(NOW, 3.9) : "2026-05-02T08:00:00.000Z";
    await put(store, "psa", "project", [
      {
        ...row,
        status: "On Hold",
        is_active: psa,
        is_billable: name === "internal" ? 0 : 1,
        changed_at: "2026-05-02T08:00:00.000Z",
      },
    ]);
    await put(store, "erp", "project", [
      { ...row, status: "Closed", is_active: erp, is_billable: 1, changed_at },
    ]);
    const lines = [
      timeLine(`${name}-1`, e),
      timeLine(`${name}-billed`, e, { is_invoiced: 1 }),
      timeLine(`${name}-free`, e, { is_billable: 0 }),
    ];
    for (const role of ["psa", "erp"]) await put(store, role, "time_entry", lines);
  }

  // A client's two projects: the customer's price is right, the second project has prices of its own.
  const p = await putEngagement(store, "priced", { currency: "GBP", entity: "GB01", rate: "120" });
  const second = { ...p, project: "P-second" };
  const project = { key: second.project, code: "SECOND", customer_key: p.customer, currency: "GBP" };
  for (const role of ["psa", "erp"])
    await put(store, role, "project", [{ ...project, legal_entity: "GB01", is_active: 1, is_billable: 1 }]);
  const own = (key: string, rate: string, more = {}) => ({
    key,
    native_id: key,
    card_ref: "",
    project_ref: "77",
    project_key: second.project,
    role_name: "Consultant",
    currency: "GBP",
    rate,
    ...more,
  });
  await put(store, "erp", "rate_line", [
    own("w-low", "110.5"),
    own("w-right", "120"),
    own("w-edge", "120.005"),
    own("w-over", "120.0051"),
    own("w-other-role", "50", { role_name: "Architect" }),
    own("w-other-currency", "50", { currency: "USD" }),
    own("w-gone", "50", { is_deleted: 1 }),
    own("w-fresh", "50", { changed_at: hoursBefore(NOW, 3.9) }),
    own("w-internal", "50", { project_key: "P-internal", currency: "USD" }),
    own("w-no-project", "50", { project_key: "unlinked:88" }),
    // Would be the customer's price, were it not one project's own.
    own("w-on-card", "1", { card_ref: "card-priced", project_key: p.project }),
  ]);
  // Nor does a rate signed for one project price the others, or a card of one project stand for all.
  await put(store, "crm", "rate_line", [
    {
      ...own("crl-own", "500", { customer_key: p.customer }),
      effective_from: "2026-03-01",
      effective_to: "1970-01-01",
      is_signed: 1,
    },
  ]);
  await put(store, "psa", "rate_line", [
    { ...own("prl-own", "7", { customer_key: p.customer }), effective_from: "2026-01-01" },
  ]);
  const work = [
    timeLine("pr-second", second, { hours: "7.5" }),
    timeLine("pr-second-billed", second, { is_invoiced: 1 }),
    timeLine("pr-second-old", second, { work_on: "2025-12-31" }),
    timeLine("pr-first", p, { hours: "3" }),
  ];
  for (const role of ["psa", "erp"]) await put(store, role, "time_entry", work);

  // Two open-ended rates of one customer: the later start is in force. Two of one day are both held.
  const r = await putEngagement(store, "raised", { rate: "200", erpRate: "210" });
  const t = await putEngagement(store, "twice", { rate: "200" });
  const again = { role_name: "Consultant", currency: "USD", effective_to: "1970-01-01", is_signed: 1 };
  await put(store, "crm", "rate_line", [
    { key: "crl-raised-2", ...again, customer_key: r.customer, rate: "210", effective_from: "2026-06-01" },
    { key: "crl-raised-3", ...again, customer_key: r.customer, rate: "220", effective_from: "2026-07-01" },
    {
      key: "crl-raised-4",
      ...again,
      customer_key: r.customer,
      rate: "230",
      effective_from: "2026-06-10",
      is_signed: 0,
    },
    { key: "crl-twice-2", ...again, customer_key: t.customer, rate: "200", effective_from: "2026-01-01" },
  ]);

  const clock = manualClock(NOW);
  const deps = { clock, config: firmConfig() };
  await reconcile(store, deps, { mode: "full" });
  clock.advance(60_000);
  reports = await reconcile(store, deps, { mode: "full" });
  found = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 500 });
});
afterAll(() => store.close());

describe("a client's name", () => {
  it("may be written in another case, with other blanks and other forms of its letters, but not otherwise", () => {
    expect(Object.keys(of("CUS-08", "customer-names-psa"))).toEqual(["C-other"]);
    expect(Object.keys(of("CUS-08", "customer-names-erp"))).toEqual(["C-fresh"]);
    expect(of("CUS-08")["C-other"]).toMatchObject({ severity: 3, blocking: "no", money: null });
  });

  it("settles for a day", () => {
    expect(report("customer-names-psa")?.counts).toMatchObject({ pending: 1, mismatch: 1, match: 2 });
  });

  it("is shown as both systems write it", async () => {
    const evidence = await evidenceOf(of("CUS-08")["C-other"]);
    expect(evidence.fields).toMatchObject([
      { name: "name", left: "Adatum Ltd", right: "Adatum Limited", differs: true },
    ]);
    expect(evidence.right).toMatchObject({ role: "psa", nativeIds: ["psa-C-other"] });
  });

  it("of a client that only one system has is nobody's exception", () => {
    expect(report("customer-names-erp")?.counts).toMatchObject({ unlinked: 1 });
    expect(Object.keys(of("SYS-03")).filter((key) => key.startsWith("customer"))).toEqual([]);
  });
});

describe("a project's state", () => {
  it("must be open or closed on both sides, for billable work", () => {
    expect(Object.keys(of("PRJ-06")).sort()).toEqual(["P-shut-in-erp", "P-shut-in-psa"]);
    expect(report("project-status")?.counts).toMatchObject({ pending: 1, mismatch: 2 });
  });

  it("puts the unbilled approved time of the project at stake", async () => {
    // 8 h × 100.50; the invoiced and the free line do not count.
    expect(of("PRJ-06")["P-shut-in-erp"]).toMatchObject({
      severity: 2,
      blocking: "soft",
      money: "804",
      customer_key: "C-shut-in-erp",
    });
    const evidence = await evidenceOf(of("PRJ-06")["P-shut-in-psa"]);
    expect(evidence.fields).toMatchObject([{ name: "status", left: "closed", right: "open" }]);
    expect(evidence.carried).toMatchObject({ stage: "On Hold" });
  });
});

describe("a project's own price", () => {
  it("must be the contract rate of the project's customer, role and currency", () => {
    expect(Object.keys(of("RAT-02", "project-prices")).sort()).toEqual(["w-low", "w-on-card", "w-over"]);
    expect(report("project-prices")?.counts).toMatchObject({ match: 2, pending: 1, mismatch: 3 });
  });

  it("puts the difference at stake on that project's unbilled time of the role only", async () => {
    // 7.5 h × (120 − 110.50) GBP on the second project, 3 h × (120 − 1) GBP on the first.
    expect(of("RAT-02")["w-low"]).toMatchObject({
      money: "71.25",
      currency: "GBP",
      money_reporting: "90.4875",
      blocking: "hard",
      project_key: "P-second",
      customer_key: "C-priced",
      legal_entity: "GB01",
    });
    expect(of("RAT-02")["w-on-card"]).toMatchObject({ money: "357", project_key: "P-priced" });
    const evidence = await evidenceOf(of("RAT-02")["w-low"]);
    expect(evidence.right).toMatchObject({ role: "erp", nativeIds: ["w-low"] });
    expect(evidence.left).toMatchObject({ role: "crm", nativeIds: ["crm-crl-priced"] });
    expect(evidence.carried).toMatchObject({
      role_name: "Consultant",
      effective_from: "2026-01-01",
      effective_to: "1970-01-01",
    });
  });

  it("without a contract rate is only counted", () => {
    expect(report("project-prices")?.counts).toMatchObject({ missing_left: 2, missing_right: 0 });
  });

  it("is nothing to the prices that hold for all projects", () => {
    expect(of("RAT-02", "rates-contract-erp")).toEqual({});
    expect(of("RAT-02", "rates-contract-psa")).toEqual({});
    expect(of("SYS-03")["rates-contract-erp|right|duplicate_key"]).toBeUndefined();
  });
});

describe("of contract rates that hold today", () => {
  it("the one that starts last is in force", () => {
    expect(of("RAT-02", "rates-contract-erp")["C-raised|Consultant|USD"]).toBeUndefined();
  });

  it("those that start on one day cannot be told apart", async () => {
    const evidence = await evidenceOf(of("SYS-03")["rates-contract-erp|left|duplicate_key"]);
    expect(evidence.detail).toMatchObject({ keys: ["C-twice|Consultant|USD"] });
  });
});
