/** Rate leakage (K8) against figures worked out by hand. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { measureCaps } from "#reconcile/caps";
import { rateLeakage } from "#sql/queries/kpi";
import { put, putEngagement, timeLine } from "../reconcile/seed.ts";
import { openTestStore, type TestStore } from "../support/store.ts";
import { putRates, TODAY } from "./kpi-firm.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await putRates(store);
  // The ERP's price list says 185 where the contract says 200; for B it agrees at 150 pounds.
  const a = await putEngagement(store, "A", { erpRate: "185" });
  const b = await putEngagement(store, "B", { currency: "GBP", rate: "150" });
  await put(store, "psa", "time_entry", [
    timeLine("l1", a),
    timeLine("l2", a),
    timeLine("l3", a),
    timeLine("l4", a, { hours: "4" }),
    timeLine("l6", b, { hours: "3" }),
    timeLine("l7", b, { hours: "2.5" }),
    timeLine("l8", { ...a, person: "nobody" }, { hours: "3.25" }),
    timeLine("before", a, { work_on: "2026-02-28" }),
    timeLine("free", a, { is_billable: 0 }),
  ]);
  await put(store, "psa", "time_entry", [timeLine("l5", a, { hours: "2", bill_rate: "1" })]);
  await put(store, "erp", "time_entry", [
    timeLine("l4", a, { hours: "4", bill_rate: "210" }),
    timeLine("l1", a, { bill_rate: "1" }),
  ]);
  await put(store, "erp", "invoice", [
    { key: "released", is_released: 1, is_void: 0 },
    { key: "draft", is_released: 0, is_void: 0 },
    { key: "void", is_released: 1, is_void: 1 },
  ]);
  const billed = (time_key: string, invoice_key: string, rate: string, amount = "1") => ({
    key: `${invoice_key}-${time_key}-${rate}`,
    time_key,
    invoice_key,
    rate,
    amount,
  });
  await put(store, "erp", "invoice_line", [
    billed("l1", "released", "190"),
    billed("l1", "draft", "200"),
    billed("l2", "draft", "199.995"),
    billed("l3", "draft", "199.9949"),
    billed("l5", "void", "1"),
    billed("l5", "released", "1", "-1"),
    billed("l6", "released", "160"),
  ]);
});
afterAll(() => store.close());

const leakage = async () =>
  (await store.query(rateLeakage, { as_of: TODAY, reporting: "USD", from: "2026-03-01", until: TODAY }))[0];

it("adds up what is billed under and over the contract, each on its own, before and after billing", async () => {
  /*
   * l1  (200 − 190)      × 8 = 80.00 under, released: that invoice counts, not the draft and not the ERP's time line
   * l2  (200 − 199.995)  × 8: half a cent apart agrees
   * l3  (200 − 199.9949) × 8 = 0.0408 under, on a draft
   * l4  (200 − 210)      × 4 = 40.00 over, by the ERP's time line
   * l5  (200 − 185)      × 2 = 30.00 under, by the ERP's price: a void invoice and a credit are none
   * l6  (150 − 160)      × 3 = £30.00 = 38.10 over, released
   * l7  (150 − 150)      × 2.5
   * expected: 200 × 30 + 150 × 5.5 × 1.27 = 6,000 + 1,047.75
   */
  expect(await leakage()).toEqual({
    lines: 8,
    gross: "110.0408",
    gross_pre: "30.0408",
    gross_post: "80",
    over: "78.1",
    over_pre: "40",
    over_post: "38.1",
    net: "31.9408",
    expected_value: "7047.75",
    share: "1.56",
    unrated_lines: 1,
    unrated_hours: "3.25",
    uncompared_lines: 0,
  });
});

it("has nothing to say of lines in a currency without a rate, but counts them", async () => {
  const row = (
    await store.query(rateLeakage, {
      as_of: "2025-12-31",
      reporting: "USD",
      from: "2026-03-01",
      until: TODAY,
    })
  )[0];
  expect(row).toMatchObject({ uncompared_lines: 2, over_post: "0", expected_value: "6000" });
});

it("leaves out what is beyond a contract's cap: no invoice will have it at any rate", async () => {
  // Room for l1 and a quarter of l2: l3, l4 and l5 bring in nothing. Nothing of it is invoiced in the PSA's books.
  await put(store, "psa", "project", [
    {
      key: "P-A",
      customer_key: "C-A",
      currency: "USD",
      contract_key: "K",
      is_active: 1,
      is_billable: 1,
      version: "9999999999999",
    },
  ]);
  await put(store, "crm", "contract", [
    { key: "K", cap: "2000", is_signed: 1, currency: "USD", signed_on: "2026-01-01" },
  ]);
  await measureCaps(store, `${TODAY}T08:00:00.000Z`);
  // Two of A's lines are older or not billable; of 2,000, the one of February takes 1,600 and l1 what is left: 400, two hours.
  expect(await leakage()).toMatchObject({
    lines: 4,
    gross: "20",
    gross_post: "20",
    over: "38.1",
    expected_value: "1447.75",
    unrated_lines: 1,
  });
});
