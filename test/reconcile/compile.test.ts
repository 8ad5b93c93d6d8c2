/** The SQL that is built: reviewed as text, and shown to stream where it must. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Comparison } from "#reconcile/comparison";
import { COMPARISONS } from "#reconcile/comparisons/index";
import { formula } from "#reconcile/compile-verdict";
import { checkCatalogue, type Rule } from "#reconcile/rule";
import { RULES } from "#reconcile/rules/index";
import { statementsOf, textOf } from "#reconcile/steps";
import { chString, compiledQuery } from "#sql/query";
import { openTestStore, type TestStore } from "../support/store.ts";
import { put, timeLine } from "./seed.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const time = COMPARISONS.find((c) => c.id === "time") as Comparison;
const project = RULES.find((r) => r.id === "PRJ-03") as Rule;

/** The plan of the SELECT in an INSERT … SELECT, as text. */
async function planOf(insert: string): Promise<string> {
  const select = insert.slice(insert.search(/^(SELECT|WITH)/m));
  const values: Record<string, string> = {
    run_id: "r",
    run_at: "2026-06-15 12:00:00.000",
    settled_at: "2026-06-15 12:00:00.000",
  };
  const named = Object.keys(values).filter((n) => select.includes(`{${n}:`));
  const explain = compiledQuery({
    name: "test.explain",
    sql: `EXPLAIN actions = 1, indexes = 1 ${select}`,
    params: z.object(Object.fromEntries(named.map((n) => [n, z.string()]))),
    row: z.object({ explain: chString }),
  });
  const rows = await store.query(explain, Object.fromEntries(named.map((n) => [n, values[n] ?? ""])));
  return rows.map((r) => r.explain).join("\n");
}

/** One comparison of each shape the SQL takes: what the compiler does to one of them it does to all like it. */
const REVIEWED = [
  "time",
  "projects",
  "assignments",
  "rates-contract-erp",
  "expenses",
  "milestones",
  "contract-caps",
  "sale-amounts",
  "billing-months",
];

describe("the compiled SQL", () => {
  it.each(REVIEWED)("of %s is what was reviewed", async (id) => {
    const comparison = COMPARISONS.find((c) => c.id === id) as Comparison;
    await expect(textOf(statementsOf(comparison, RULES))).toMatchFileSnapshot(`__sql__/${id}.sql`);
  });

  it("is kept for these alone", () => {
    expect(readdirSync(join(import.meta.dirname, "__sql__")).sort()).toEqual(
      REVIEWED.map((id) => `${id}.sql`).sort(),
    );
  });
});

describe("the find step", () => {
  beforeAll(async () => {
    const lines = Array.from({ length: 200 }, (_, n) => timeLine(`t${n}`, { project: "P", person: "E" }));
    for (const role of ["psa", "erp"]) await put(store, role, "time_entry", lines);
  });

  it("merges both sides as they lie, without sorting or hashing them", async () => {
    const plan = await planOf(statementsOf(time, RULES).findDiffering);
    expect(plan).toContain("Algorithm: FullSortingMergeJoin");
    expect(plan.match(/Read type: InOrder/g)).toHaveLength(2);
    // A sort that only keeps the order there is says so by its prefix.
    expect(plan.match(/Prefix sort description: k ASC/g)).toHaveLength(2);
    expect(plan).not.toMatch(/Sort description: k ASC\n(?!.*Prefix)/);
  });

  it("finds repeated keys in the order of the table", async () => {
    const plan = await planOf(statementsOf(time, RULES).findLeft);
    expect(plan).toContain("Read type: InOrder");
    expect(plan).toContain("Order: k ASC");
  });

  it("lets the judge read only the keys that were found", async () => {
    const plan = await planOf(statementsOf(time, RULES).judgeFound);
    const keys = plan.match(/Condition: and\(\(k in/g);
    expect(keys).toHaveLength(2);
  });
});

describe("a catalogue", () => {
  it("may claim an outcome once only", () => {
    const twin: Rule = { ...project, id: "PRJ-99" };
    expect(() => checkCatalogue([project, twin], COMPARISONS)).toThrow(
      "PRJ-03 and PRJ-99 both claim projects mismatch code",
    );
  });

  it("may not have two rules of one id, nor claim what there is not", () => {
    expect(() => checkCatalogue([project, project], COMPARISONS)).toThrow("Two rules have the id PRJ-03");
    const stray: Rule = {
      ...project,
      claims: [{ comparison: "invoices", kinds: ["mismatch"], settle: "1h" }],
    };
    expect(() => checkCatalogue([stray], COMPARISONS)).toThrow("claims the comparison invoices");
    const odd: Rule = {
      ...project,
      claims: [{ comparison: "projects", kinds: ["mismatch"], fields: ["colour"], settle: "1h" }],
    };
    expect(() => checkCatalogue([odd], COMPARISONS)).toThrow("has no field colour");
  });
});

describe("a formula", () => {
  it("reads the compared values exactly, never as floating point", () => {
    expect(formula("abs(left.hours - right.hours) * item.rc", time)).toBe(
      "abs(toDecimal64OrZero(f.l_values['hours'], 4) - toDecimal64OrZero(f.r_values['hours'], 4)) * item.rc",
    );
  });

  it("refuses a field there is not", () => {
    expect(() => formula("left.colour", time)).toThrow("has no field colour");
  });
});
