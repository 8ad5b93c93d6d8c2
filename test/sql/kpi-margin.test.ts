/** Margin integrity (K9): its sums against figures worked out by hand, see kpi-firm.ts, and the score made of them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sum } from "#core/decimal";
import {
  COMPONENT_WEIGHTS,
  COMPONENTS,
  type Component,
  componentOf,
  marginIntegrity,
  rulesOf,
} from "#reconcile/margin-integrity";
import { RULES } from "#reconcile/rules/index";
import { type MarginRow, marginComponents } from "#sql/queries/kpi";
import { openTestStore, type TestStore } from "../support/store.ts";
import { ASKED, putFirm, putStanding } from "./kpi-firm.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await putFirm(store);
  await putStanding(store, [
    { id: "e1", rule: "TIM-01", severity: 1, blocking: "hard", opened: "2026-05-10", items: { a1: "1600" } },
    {
      id: "e1b",
      rule: "TIM-03",
      severity: 1,
      blocking: "hard",
      opened: "2026-05-10",
      items: { a1: "1600", a6: "800" },
    },
    {
      id: "e2",
      rule: "RAT-02",
      severity: 1,
      blocking: "hard",
      opened: "2026-05-11",
      waived: true,
      items: { a1: "1600", a2: "1500" },
    },
    { id: "e3", rule: "ASG-04", severity: 1, blocking: "soft", opened: "2026-05-01", items: { a2: "1500" } },
    {
      id: "e4",
      rule: "PRJ-06",
      severity: 2,
      blocking: "soft",
      opened: "2026-05-12",
      project: "P-B",
      items: {},
    },
    {
      id: "e5",
      rule: "SYS-03",
      severity: 2,
      blocking: "no",
      opened: "2026-05-12",
      project: "P-A",
      items: { a4: "1600" },
    },
  ]);
});
afterAll(() => store.close());

describe("the sums", () => {
  it("value a month's delivered work once per component, invoiced or not, and what of it fails", async () => {
    const rows = await store.query(marginComponents, {
      ...ASKED,
      from: "2026-05-01",
      until: "2026-05-31",
      rate_rules: ["RAT-02", "ASG-04"],
      time_rules: ["TIM-01", "TIM-03"],
      cost_rules: ["EXP-01"],
      billing_rules: ["MIL-01"],
      project_rules: ["PRJ-06"],
    });
    // Time: 1,600 + 1,500 + 1,600 + 1,143 + 253.365 = 6,096.365; with the expense and the milestone 12,804.6948.
    // Cost: 90 × 27.5 h = 2,475, £90 × 7.33 h = 837.819, the expense 333.33.
    expect(rows).toEqual([
      { component: "billing", items: 8, valued: 7, evaluated: "12804.6948", failing_raw: "0", failing: "0" },
      { component: "cost", items: 7, valued: 7, evaluated: "3646.149", failing_raw: "0", failing: "0" },
      // All of B's: 1,143 + 253.365 + 6,350.
      {
        component: "project",
        items: 8,
        valued: 7,
        evaluated: "12804.6948",
        failing_raw: "7746.365",
        failing: "7746.365",
      },
      // The waived exception still fails a1 in the raw figure; a2 fails by ASG-04 too, once.
      { component: "rate", items: 6, valued: 5, evaluated: "6096.365", failing_raw: "3100", failing: "1500" },
      // a6 is June's.
      { component: "time", items: 6, valued: 5, evaluated: "6096.365", failing_raw: "1600", failing: "1600" },
    ]);
  });
});

describe("the score", () => {
  const row = (
    component: Component,
    evaluated: string,
    failing_raw: string,
    failing: string,
    items = 100,
    valued = items,
  ): MarginRow => ({
    component,
    items,
    valued,
    evaluated,
    failing_raw,
    failing,
  });
  const all = new Set(COMPONENTS);
  const none = new Set<Component>();
  const rows = [
    row("rate", "1000.00", "100.00", "40.00"),
    row("time", "1000.00", "20.00", "20.00"),
    row("cost", "500.00", "0", "0"),
    row("billing", "1200.00", "300.00", "0"),
    row("project", "1200.00", "600.00", "600.00"),
  ];

  it("weighs what is free of failures, with what was waived and without", () => {
    // raw: 0.35 × 0.90 + 0.25 × 0.98 + 0.15 × 1 + 0.20 × 0.75 + 0.05 × 0.50 = 0.315 + 0.245 + 0.15 + 0.15 + 0.025
    // accepted: 0.35 × 0.96 + 0.245 + 0.15 + 0.20 × 1 + 0.025
    expect(marginIntegrity(rows, all, none)).toMatchObject({
      raw: "88.50",
      accepted: "95.60",
      why: "",
      version: 1,
    });
  });

  it("spreads the weight of what there is no work of, or no rule for, over the rest", () => {
    // (0.315 + 0.245 + 0.15 + 0.025) ÷ 0.80 = 0.91875
    const looked = new Set<Component>(["rate", "time", "cost", "project"]);
    expect(marginIntegrity(rows, looked, none)).toMatchObject({ raw: "91.88" });
    expect(
      marginIntegrity(
        rows.filter((r) => r.component !== "billing"),
        all,
        none,
      ),
    ).toMatchObject({ raw: "91.88" });
  });

  it("is not given below 95 % coverage of a component that weighs", () => {
    const covered = (valued: number, component: Component = "cost") =>
      marginIntegrity(
        rows.map((r) => (r.component === component ? { ...r, valued } : r)),
        all,
        none,
      );
    expect(covered(95)).toMatchObject({ raw: "88.50" });
    expect(covered(94)).toMatchObject({
      raw: null,
      accepted: null,
      why: "Insufficient data: less than 95 % could be evaluated of cost.",
    });
    expect(covered(94).components.find((c) => c.component === "cost")).toMatchObject({
      state: "partial",
      coverage: "94.00",
    });
    // The lightest may be thin.
    expect(covered(10, "project")).toMatchObject({ raw: "88.50" });
  });

  it("is not given while a comparison of a component concludes nothing", () => {
    expect(marginIntegrity(rows, all, new Set<Component>(["time"]))).toMatchObject({
      raw: null,
      why: "Insufficient data: less than 95 % could be evaluated of time in the ERP.",
    });
  });

  it("is not given of nothing", () => {
    expect(marginIntegrity([], all, none)).toMatchObject({
      raw: null,
      accepted: null,
      why: "Nothing that was delivered could be evaluated.",
    });
  });
});

describe("the rules", () => {
  it("fall to a component by their area, a few by their id, others to none", () => {
    expect(
      [
        "RAT-07",
        "ASG-04",
        "ASG-01",
        "TIM-10",
        "RES-03",
        "RES-01",
        "EXP-02",
        "MIL-04",
        "INV-03",
        "CON-04",
        "PRJ-05",
        "CUS-01",
        "SYS-03",
      ].map(componentOf),
    ).toEqual([
      "rate",
      "rate",
      null,
      "time",
      "cost",
      null,
      "cost",
      "billing",
      "billing",
      "billing",
      "project",
      null,
      null,
    ]);
    expect(rulesOf(RULES).rate).toEqual(expect.arrayContaining(["RAT-01", "RAT-02", "ASG-04"]));
  });

  it("weigh one together", () => {
    expect(sum(Object.values(COMPONENT_WEIGHTS))).toBe("1");
  });
});
