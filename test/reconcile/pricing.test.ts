/** Which contract rate an hour is worth, as of when, and how much of it billing may count on. Every figure is written out. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { measureCaps } from "#reconcile/caps";
import { chBool, chDecimal, chString, compiledQuery } from "#sql/query";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";
import { months } from "./months.ts";
import { put, putEngagement, timeLine } from "./seed.ts";

const worth = compiledQuery({
  name: "pricing.worth",
  sql: `SELECT key, rc, value, is_over_cap, over_cap FROM time_worth(as_of = {as_of:Date}) WHERE role = 'psa' ORDER BY key`,
  params: z.object({ as_of: z.string() }),
  row: z.object({
    key: chString,
    rc: chDecimal.nullable(),
    value: chDecimal.nullable(),
    is_over_cap: chBool,
    over_cap: chDecimal.nullable(),
  }),
});

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(() => truncateAll(store));

const TODAY = "2026-06-01";
const plain = (text: string | null) => (text?.includes(".") ? text.replace(/\.?0+$/, "") : text);
let turn = 0;
/** Every line as of a day, after the caps were measured that day. */
const worthOn = async (as_of: string) => {
  await measureCaps(store, `${as_of}T08:00:00.${String(turn++).padStart(3, "0")}Z`);
  return store.query(worth, { as_of });
};
const priced = async (as_of = TODAY) => {
  const rows = await worthOn(as_of);
  return Object.fromEntries(rows.map((r) => [r.key, plain(r.rc)]));
};
const values = async (as_of = TODAY) => {
  const rows = await worthOn(as_of);
  return Object.fromEntries(rows.map((r) => [r.key, plain(r.value)]));
};

/** A contract or, with `amends_key`, an amendment; signed long ago unless told otherwise. */
const contract = (key: string, more: Record<string, unknown> = {}) =>
  put(store, "crm", "contract", [{ key, is_signed: 1, signed_on: "2025-12-01", currency: "USD", ...more }]);

const line = (key: string, card_key: string, rate: string, from: string, to = "1970-01-01", more = {}) =>
  put(store, "crm", "rate_line", [
    {
      key,
      customer_key: "C-A",
      role_name: "Consultant",
      currency: "USD",
      card_key,
      rate,
      effective_from: from,
      effective_to: to,
      is_signed: 1,
      ...more,
    },
  ]);

/** Work of client A on the days given, keyed by day, eight hours each; the engagement's own rate line of 200 starts on 1 January. */
async function workOn(days: readonly string[], more: Record<string, unknown> = {}) {
  const who = await putEngagement(store, "A");
  await put(
    store,
    "psa",
    "time_entry",
    days.map((day) => timeLine(day, who, { work_on: day, ...more })),
  );
  return who;
}

describe("the rate of an hour", () => {
  it("is the one in force on the work date, both ends included, the newest start where lines overlap", async () => {
    await workOn(["2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"]);
    await line("march", "", "210", "2026-03-01", "2026-03-31");
    expect(await priced()).toEqual({
      "2025-12-31": null,
      "2026-01-01": "200",
      "2026-02-28": "200",
      "2026-03-01": "210",
      "2026-03-31": "210",
      "2026-04-01": "200",
    });
  });

  it("does not know a contract signed after the day it is asked for", async () => {
    await workOn(["2026-05-04"]);
    await contract("K2", { signed_on: "2026-05-20" });
    await line("raise", "K2", "230", "2026-05-01");
    expect(await priced("2026-05-19")).toEqual({ "2026-05-04": "200" });
    expect(await priced("2026-05-20")).toEqual({ "2026-05-04": "230" });
  });

  it("is an amendment's on the days it covers, even where the contract's own later step starts after it", async () => {
    await workOn(["2026-02-02", "2026-03-02", "2026-05-04", "2026-07-01"]);
    await contract("K");
    await line("step", "K", "220", "2026-04-01");
    await contract("K-A1", { amends_key: "K", signed_on: "2026-02-20" });
    await line("amended", "K-A1", "190", "2026-03-01", "2026-06-30");
    expect(await priced()).toEqual({
      "2026-02-02": "200",
      "2026-03-02": "190",
      "2026-05-04": "190",
      "2026-07-01": "220",
    });
    expect(await priced("2026-02-19")).toMatchObject({ "2026-03-02": "200", "2026-05-04": "220" });
  });

  it("is not an amendment's of another contract of the client", async () => {
    await workOn(["2026-05-04"]);
    await contract("K-A1", { amends_key: "K" });
    await line("amended", "K-A1", "190", "2026-03-01");
    await contract("L");
    await line("renewed", "L", "240", "2026-04-01");
    expect(await priced()).toEqual({ "2026-05-04": "240" });
  });

  it("of lines that start on one day is the one signed last", async () => {
    await workOn(["2026-05-04"]);
    await contract("K1", { signed_on: "2026-03-02" });
    await contract("K2", { signed_on: "2026-03-01" });
    await line("z-signed-first", "K2", "250", "2026-04-01");
    await line("a-signed-last", "K1", "245", "2026-04-01");
    expect(await priced()).toEqual({ "2026-05-04": "245" });
  });

  it("has the contract's discount taken off, half a cent rounded up; an amendment may name another", async () => {
    await workOn(["2026-02-02", "2026-03-02", "2026-04-01"]);
    await contract("K", { discount_pct: "2.5" });
    // 195.40 − 2.5 % = 190.515 → 190.52
    await line("discounted", "K", "195.40", "2026-02-01");
    await contract("K-A1", { amends_key: "K" });
    await line("same-discount", "K-A1", "180", "2026-03-01", "2026-03-31");
    await contract("K-A2", { amends_key: "K", discount_pct: "10" });
    await line("other-discount", "K-A2", "180", "2026-04-01");
    expect(await priced()).toEqual({ "2026-02-02": "190.52", "2026-03-02": "175.5", "2026-04-01": "162" });
  });

  it("without a discount is not rounded", async () => {
    await workOn(["2026-03-02"]);
    await line("fine", "", "199.1255", "2026-03-01");
    expect(await priced()).toEqual({ "2026-03-02": "199.1255" });
  });

  it("is unknown, never nothing, where no line is signed or none is for the role", async () => {
    await workOn(["2025-11-03"]);
    await line("draft", "", "150", "2025-01-01", "2025-12-31", { is_signed: 0 });
    expect(await priced()).toEqual({ "2025-11-03": null });
    expect(await values()).toEqual({ "2025-11-03": null });
  });
});

describe("a contract's cap", () => {
  /** The engagement's project under contract K; 8 h at 200 are 1600 a day. */
  const capped = async (cap: string | null, days: readonly string[], more = {}) => {
    const who = await workOn(days);
    await put(store, "psa", "project", [
      {
        key: who.project,
        customer_key: who.customer,
        currency: "USD",
        contract_key: "K",
        is_active: 1,
        is_billable: 1,
        version: "9999999999999",
      },
    ]);
    await contract("K", { cap, ...more });
    return who;
  };
  const DAYS = ["2026-05-04", "2026-05-05", "2026-05-06"];

  it("leaves room in the order of the work dates: a line in full, one in part, one not at all", async () => {
    await capped("2000", DAYS);
    const rows = await worthOn(TODAY);
    expect(rows.map((r) => [r.key, plain(r.value), r.is_over_cap, plain(r.over_cap)])).toEqual([
      ["2026-05-04", "1600", false, "0"],
      ["2026-05-05", "400", false, "1200"],
      ["2026-05-06", "0", true, "1600"],
    ]);
  });

  it("reached to the cent is not exceeded", async () => {
    await capped("4800", DAYS);
    expect(await values()).toEqual({ "2026-05-04": "1600", "2026-05-05": "1600", "2026-05-06": "1600" });
  });

  it("of one day's lines is taken up in the order of their keys, and not by work that is not billable", async () => {
    const who = await capped("1600", []);
    await put(store, "psa", "time_entry", [
      timeLine("b", who),
      timeLine("a", who, { is_billable: 0 }),
      timeLine("c", who),
    ]);
    expect(await values()).toEqual({ a: "1600", b: "1600", c: "0" });
  });

  it("limits nothing while its contract is not signed", async () => {
    await capped("1600", DAYS, { is_signed: 0 });
    expect(await values()).toMatchObject({ "2026-05-06": "1600" });
    await contract("K", { cap: "1600", signed_on: "2026-05-10", version: "9999999999999" });
    expect(await values("2026-05-09")).toMatchObject({ "2026-05-06": "1600" });
    expect(await values("2026-05-10")).toMatchObject({ "2026-05-05": "0", "2026-05-06": "0" });
  });

  it("grows with signed amendments, from their signature on", async () => {
    await capped("1600", DAYS);
    await contract("K-A1", { amends_key: "K", cap: "1000", signed_on: "2026-05-10" });
    await contract("K-A2", { amends_key: "K", cap: "600", signed_on: "2026-05-12" });
    await contract("K-A3", { amends_key: "K", cap: "9000", is_signed: 0 });
    expect(await values("2026-05-09")).toEqual({
      "2026-05-04": "1600",
      "2026-05-05": "0",
      "2026-05-06": "0",
    });
    expect(await values("2026-05-10")).toMatchObject({ "2026-05-05": "1000", "2026-05-06": "0" });
    expect(await values("2026-05-12")).toMatchObject({ "2026-05-05": "1600", "2026-05-06": "0" });
  });

  it("is shared by the projects under the contract, whether they name it or their sale does", async () => {
    await capped("2000", ["2026-05-04"]);
    const other = await putEngagement(store, "B");
    await put(store, "crm", "opportunity", [{ key: "O", contract_key: "K" }]);
    await put(store, "psa", "project", [
      {
        key: other.project,
        customer_key: other.customer,
        currency: "USD",
        opportunity_key: "O",
        is_active: 1,
        is_billable: 1,
        version: "9999999999999",
      },
    ]);
    await put(store, "psa", "time_entry", [timeLine("other", other, { work_on: "2026-05-05" })]);
    expect(await values()).toEqual({ "2026-05-04": "1600", other: "400" });
  });

  it("that is raised makes room again, and what was beyond it counts once more", async () => {
    await capped("1600", DAYS.slice(0, 2));
    expect(await values()).toEqual({ "2026-05-04": "1600", "2026-05-05": "0" });
    await contract("K", { cap: "9000", version: "9999999999999" });
    expect(await values()).toEqual({ "2026-05-04": "1600", "2026-05-05": "1600" });
    await contract("K", { cap: null, version: "9999999999999999" });
    expect(await values()).toEqual({ "2026-05-04": "1600", "2026-05-05": "1600" });
  });

  it("in another currency than the project's, or none at all, limits nothing", async () => {
    await capped("100", ["2026-05-04"], { currency: "EUR" });
    expect(await values()).toEqual({ "2026-05-04": "1600" });
    await truncateAll(store);
    await capped(null, ["2026-05-04"]);
    expect(await values()).toEqual({ "2026-05-04": "1600" });
  });
});

describe("an exception", () => {
  it("claims nothing of work beyond the cap", async () => {
    const { run, detail } = months(store);
    const who = await putEngagement(store, "A", { erpRate: "150" });
    await put(store, "psa", "project", [
      {
        key: who.project,
        customer_key: who.customer,
        currency: "USD",
        contract_key: "K",
        is_active: 1,
        is_billable: 1,
        version: "9999999999999",
      },
    ]);
    await contract("K", { cap: "1600" });
    const lines = ["2026-05-04", "2026-05-05"].map((day) => timeLine(day, who, { work_on: day }));
    await put(store, "psa", "time_entry", lines);
    await put(store, "erp", "time_entry", lines);
    await run({ rules: ["RAT-02"] });
    // (200 − 150) × 8 of the first line; the second is beyond.
    expect(await detail("RAT-02")).toMatchObject({ status: "open", money: "400" });
  });
});
