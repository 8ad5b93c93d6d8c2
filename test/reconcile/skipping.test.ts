/**
 * Over any sequence of changes, leaving out what cannot have changed gives the same exceptions with the same history as comparing
 * everything at every turn. Two stores live through the same weeks; one is always compared in full.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { createRandom } from "#sandbox/firm/random";
import { chInstant, chString, compiledQuery } from "#sql/query";
import { openTestStore, type TestStore } from "../support/store.ts";
import { HOUR, type Months, months } from "./months.ts";
import { put, putEngagement, timeLine, touch } from "./seed.ts";

const TURNS = 14;
/** Those that hang on one another, that are priced by time, that need two failures, and that are found by touched keys. */
const OF_RULES = ["PRJ-01", "PRJ-03", "ASG-01", "RAT-01", "TIM-01", "TIM-03"];

let skipping: TestStore;
let everything: TestStore;
beforeAll(async () => {
  [skipping, everything] = await Promise.all([openTestStore(), openTestStore()]);
});
afterAll(async () => {
  await Promise.all([skipping?.close(), everything?.close()]);
});

const history = compiledQuery({
  name: "test.history",
  sql: `SELECT rule, key, field_group, toString(type) AS type, at, toString(money) AS money
FROM exception_event
ORDER BY at, rule, key, field_group, type`,
  params: z.object({}),
  row: z.object({
    rule: chString,
    key: chString,
    field_group: chString,
    type: chString,
    at: chInstant,
    money: chString.nullable(),
  }),
});

type Change = (store: TestStore, now: string) => Promise<void>;

it("leaves out comparisons without a trace in the exceptions", async () => {
  const random = createRandom(11, "skipping");
  const names = ["A", "B", "C"] as const;
  const of = (name: string) => ({ project: `P-${name}`, person: `E-${name}` });
  const project = (name: string, more: Record<string, unknown>, at: string) => ({
    key: `P-${name}`,
    code: `CODE-${name}`,
    name: `Project ${name}`,
    customer_key: `C-${name}`,
    is_active: 1,
    is_billable: 1,
    start_on: "2026-01-05",
    end_on: "2026-12-31",
    currency: "USD",
    legal_entity: "US01",
    changed_at: at,
    ...more,
  });
  /** One change of one record, written as an ingest writes it: which key is touched, and the record. */
  const changeOf = (): Change => {
    const name = random.pick(names);
    const kind = random.int(0, 4);
    const [code, hours, rate] = [
      random.pick(["X", `CODE-${name}`]),
      random.pick(["8", "6"]),
      random.pick(["200", "180"]),
    ];
    const gone = random.chance(30) ? 1 : 0;
    return async (store, at) => {
      const noted = async (entity: string, key: string) => touch(store, entity, [key], at);
      if (kind === 0) {
        await noted("project", `P-${name}`);
        await put(store, "erp", "project", [project(name, { code, is_deleted: gone }, at)]);
      } else if (kind === 1) {
        await noted("time_entry", `t-${name}`);
        await put(store, "erp", "time_entry", [
          timeLine(`t-${name}`, of(name), { hours, is_deleted: gone, changed_at: at }),
        ]);
      } else if (kind === 2) {
        await noted("rate_line", `erl-${name}`);
        await put(store, "erp", "rate_line", [
          {
            key: `erl-${name}`,
            role_name: "Consultant",
            currency: "USD",
            card_ref: `card-${name}`,
            rate,
            changed_at: at,
          },
        ]);
      } else if (kind === 3) {
        await noted("customer", `C-${name}`);
        await put(store, "erp", "customer", [
          {
            key: `C-${name}`,
            name: gone ? `${name} Ltd` : name,
            is_active: 1,
            rate_card_ref: `card-${name}`,
            changed_at: at,
          },
        ]);
      } else if (kind === 4) {
        await noted("assignment", `a-${name}`);
        await put(store, "psa", "assignment", [
          {
            key: `a-${name}`,
            project_key: `P-${name}`,
            resource_key: `E-${name}`,
            start_on: "2026-05-01",
            end_on: "2026-09-30",
            allocation_pct: "100",
            is_active: gone ? 0 : 1,
            is_billable: 1,
            bill_rate: rate,
            changed_at: at,
          },
        ]);
      }
    };
  };
  const worlds: [TestStore, Months][] = [
    [skipping, months(skipping)],
    [everything, months(everything)],
  ];
  for (const [store] of worlds)
    for (const name of names) {
      await putEngagement(store, name);
      for (const role of ["psa", "erp"])
        await put(store, role, "time_entry", [timeLine(`t-${name}`, of(name))]);
    }
  let leftOut = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const changes = random.chance(60) ? [changeOf(), changeOf(), changeOf()] : [];
    const pause = random.pick([0, HOUR / 2, 5 * HOUR, 5 * HOUR, 25 * HOUR]);
    for (const [store, firm] of worlds) {
      firm.clock.advance(pause);
      for (const change of changes) await change(store, firm.now());
      const reports = await firm.run({
        rules: OF_RULES,
        mode: store === everything ? "full" : "incremental",
      });
      if (store === skipping) leftOut += Object.values(reports).filter((r) => r.why === "unchanged").length;
      for (const report of Object.values(reports)) expect(report.missedByIncremental).toBe(0);
    }
  }
  const told = await everything.query(history, {});
  expect(await skipping.query(history, {})).toEqual(told);
  // Or the test has seen nothing.
  expect(leftOut).toBeGreaterThan(TURNS);
  expect(told.length).toBeGreaterThan(10);
  expect(new Set(told.map((e) => e.type)).size).toBeGreaterThan(2);
}, 900_000);
