/** Invoice candidates, blocked invoices (K5) and blocked revenue (K6), against figures worked out by hand. See kpi-firm.ts. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sum } from "#core/decimal";
import { blockedInvoices, blockedRevenue, invoiceCandidates } from "#sql/queries/kpi";
import { openTestStore, type TestStore } from "../support/store.ts";
import { ASKED, CANDIDATES, putFirm, putStanding } from "./kpi-firm.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await putFirm(store);
  await putStanding(store, [
    {
      id: "e1",
      rule: "TIM-01",
      severity: 1,
      blocking: "hard",
      opened: "2026-05-10",
      items: { a1: "1600", a6: "800" },
    },
    // Holds a1 too, but later; holds a2, which an older exception only warns about; holds a4, which is invoiced.
    {
      id: "e2",
      rule: "RAT-02",
      severity: 1,
      blocking: "hard",
      opened: "2026-05-11",
      items: { a1: "1600", a2: "1500", a4: "1600" },
    },
    { id: "e3", rule: "ASG-04", severity: 1, blocking: "soft", opened: "2026-05-01", items: { a2: "1500" } },
    { id: "e4", rule: "CUS-06", severity: 1, blocking: "hard", opened: "2026-05-12", items: { b1: "1143" } },
    {
      id: "e5",
      rule: "TIM-03",
      severity: 1,
      blocking: "hard",
      opened: "2026-05-09",
      waived: true,
      items: { a3: "450" },
    },
  ]);
});
afterAll(() => store.close());

describe("invoice candidates", () => {
  it("are a client's unbilled approved items of one contract, entity, currency and month, once each", async () => {
    const rows = await store.query(invoiceCandidates, { ...CANDIDATES, limit: 50 });
    expect(
      rows.map((r) => [
        r.customer_name,
        r.contract_number,
        r.legal_entity,
        r.currency,
        r.cycle_on,
        r.cutoff_on,
        r.items,
        r.value,
        r.value_reporting,
        r.unpriced,
        r.blocked_items,
        r.blocked_value,
        r.blockers,
        r.blocking_rules.join(" "),
        r.status,
      ]),
    ).toEqual([
      [
        "A",
        "00000101",
        "US01",
        "USD",
        "2026-05-01",
        "2026-06-03",
        4,
        "3458.3298",
        "3458.3298",
        1,
        2,
        "3100",
        2,
        "RAT-02 TIM-01",
        "blocked",
      ],
      [
        "A",
        "00000101",
        "US01",
        "USD",
        "2026-06-01",
        "2026-07-03",
        1,
        "800",
        "800",
        0,
        1,
        "800",
        1,
        "TIM-01",
        "blocked",
      ],
      [
        "B",
        "",
        "GB01",
        "GBP",
        "2026-05-01",
        "2026-06-03",
        3,
        "6099.5",
        "7746.365",
        0,
        0,
        "0",
        0,
        "",
        "ready",
      ],
      [
        "A",
        "00000101",
        "US01",
        "USD",
        "2026-04-01",
        "2026-05-03",
        1,
        "450",
        "450",
        0,
        0,
        "0",
        0,
        "",
        "ready",
      ],
    ]);
  });

  it("are unknown, not ready, where something of theirs could not be compared; what is known to block still blocks", async () => {
    const of = async (blind: string[]) =>
      (await store.query(invoiceCandidates, { ...CANDIDATES, blind, limit: 50 })).map(
        (r) => `${r.customer_name} ${r.cycle_on.slice(0, 7)} ${r.status}`,
      );
    expect(await of(["milestone"])).toEqual([
      "A 2026-05 blocked",
      "A 2026-06 blocked",
      "B 2026-05 unknown",
      "A 2026-04 ready",
    ]);
    expect(await of(["time"])).toEqual([
      "A 2026-05 blocked",
      "A 2026-06 blocked",
      "B 2026-05 unknown",
      "A 2026-04 unknown",
    ]);
  });

  it("leave out time that only the ERP knows to be invoiced, where the ERP is who knows", async () => {
    const mine = async (invoiced_by: "psa" | "erp") =>
      (await store.query(invoiceCandidates, { ...CANDIDATES, invoiced_by, limit: 50 })).find(
        (r) => r.cycle_on === "2026-04-01",
      )?.items ?? 0;
    await store.command(
      "INSERT INTO time_entry (role, key, source_id, native_id, version, is_invoiced, is_approved) SELECT 'erp', 'a3', 'erp', 'e-a3', 1, 1, 1",
    );
    expect(await mine("psa")).toBe(1);
    expect(await mine("erp")).toBe(0);
  });
});

describe("blocked invoices", () => {
  it("are a share of the candidates, and of their value", async () => {
    // 2 of 4; (3,458.3298 + 800) of (3,458.3298 + 800 + 7,746.365 + 450) = 4,258.3298 of 12,454.6948
    expect((await store.query(blockedInvoices, CANDIDATES))[0]).toEqual({
      candidates: 4,
      blocked: 2,
      unknown: 0,
      ready: 2,
      unpriced: 1,
      value: "12454.6948",
      value_blocked: "4258.3298",
      value_unknown: "0",
      share: "50",
      value_share: "34.19",
    });
  });

  it("count what is unknown apart", async () => {
    expect((await store.query(blockedInvoices, { ...CANDIDATES, blind: ["milestone"] }))[0]).toMatchObject({
      blocked: 2,
      unknown: 1,
      ready: 1,
      value_unknown: "7746.365",
    });
  });

  it("count a decision of the business only where it is asked to count", async () => {
    expect((await store.query(blockedInvoices, { ...CANDIDATES, commercial: [] }))[0]).toMatchObject({
      blocked: 3,
      share: "75",
    });
  });

  it("have no share where there are no candidates", async () => {
    const empty = await openTestStore();
    try {
      expect((await empty.query(blockedInvoices, CANDIDATES))[0]).toMatchObject({
        candidates: 0,
        share: null,
        value_share: null,
      });
    } finally {
      await empty.close();
    }
  });
});

describe("blocked revenue", () => {
  const ask = (due_by: string) => store.query(blockedRevenue, { ...ASKED, cutoff_day: 3, due_by });

  it("counts every item once, under its primary blocker, and what is invoiced apart", async () => {
    const rows = await ask("2026-06-08");
    // a1 is e1's, as the older; a2 is e2's, as the older e3 does not block; a4 is invoiced; a3's exception is waived.
    expect(rows.map((r) => [r.rule, r.items, r.value, r.overlap, r.due])).toEqual([
      ["", 4, "5043", "1600", "4243"],
      ["TIM-01", 2, "2400", "1600", "1600"],
      ["RAT-02", 1, "1500", "0", "1500"],
      ["CUS-06", 1, "1143", "0", "1143"],
    ]);
    expect(rows[0]).toMatchObject({ invoiced_items: 1, invoiced_value: "1600", unpriced: 0 });
    const [total, ...rules] = rows;
    for (const figure of ["value", "overlap", "due"] as const)
      expect(sum(rules.map((r) => r[figure]))).toBe(total?.[figure]);
  });

  it("is due when the cutoff is on the last day that counts as near, not a day later", async () => {
    expect((await ask("2026-06-02"))[0]).toMatchObject({ value: "5043", due: "0" });
    expect((await ask("2026-06-03"))[0]).toMatchObject({ due: "4243" });
    expect((await ask("2026-07-02"))[0]).toMatchObject({ due: "4243" });
    expect((await ask("2026-07-03"))[0]).toMatchObject({ due: "5043" });
  });
});
