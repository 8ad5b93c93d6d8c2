/** The kept state of exceptions is the fold of their events, whatever happened, in whatever order, and whoever died in between. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { instantOf, msOf } from "#core/time";
import { refreshExceptions } from "#reconcile/exception-state";
import { actOnException } from "#reconcile/exceptions";
import { EXCEPTION_EVENT_TYPES, EXCEPTION_STATUSES } from "#sql/queries/exceptions";
import { type ExceptionEvent, exceptionEventTable } from "#sql/queries/reconcile";
import { compiledQuery } from "#sql/query";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";
import { type Months, months, START } from "./months.ts";

let store: TestStore;
let run: Months["run"];
let statuses: Months["statuses"];
let clock: Months["clock"];
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await truncateAll(store);
  ({ clock, run, statuses } = months(store));
});

const rowsOf = (name: string, sql: string) =>
  compiledQuery({
    name,
    sql,
    params: z.object({}),
    row: z.looseObject({ id: z.string(), status: z.string() }),
  });
const kept = rowsOf(
  "test.kept",
  "SELECT * EXCEPT (place, weight, money_limit, raised_by) FROM exception ORDER BY id",
);
const folded = rowsOf("test.folded", "SELECT * EXCEPT (events) FROM exception_fold ORDER BY id");

/** An event of exception `key`, `minutes` after the start. */
function event(
  key: string,
  type: ExceptionEvent["type"],
  minutes: number,
  more: Partial<ExceptionEvent> = {},
) {
  const at = instantOf(msOf(START) + minutes * 60_000);
  return {
    exception_id: key,
    at,
    event_id: `${type}-${minutes}`,
    type,
    actor: "plumbline",
    run_id: `run-${minutes}`,
    rule: "TIM-01",
    rule_version: 1,
    comparison: "time",
    key,
    field_group: "",
    kind: "missing_right",
    severity: 1,
    blocking: "hard",
    money: "100",
    currency: "USD",
    money_reporting: "100",
    project_key: "P",
    customer_key: "C",
    legal_entity: "US01",
    evidence: `{"minutes":${minutes}}`,
    evidence_hash: String(minutes),
    assignee: "",
    note: "",
    until: instantOf(0),
    cause_id: "",
    ...more,
  } satisfies ExceptionEvent;
}
const write = (events: readonly ExceptionEvent[]) => store.insert(exceptionEventTable, events);

describe("the state of exceptions", () => {
  it("is the fold of their events after any of them, in any order, twice or at one moment", async () => {
    let state = 7;
    const random = (n: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 4_294_967_296) * n);
    };
    const met = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const events = Array.from({ length: 120 }, (_, n) => {
        const type = EXCEPTION_EVENT_TYPES[random(EXCEPTION_EVENT_TYPES.length)] ?? "seen";
        // Few moments, so that many events share one.
        return event(`e${random(60)}`, type, random(20), {
          event_id: `${round}-${n}`,
          money: random(4) === 0 ? null : String(random(900)),
          money_reporting: random(4) === 0 ? null : String(random(900)),
          severity: 1 + random(3),
          assignee: type === "assigned" ? `person-${random(3)}` : "",
          until: instantOf(msOf(START) + random(90) * 86_400_000),
        });
      });
      await write(events);
      await write(events.filter(() => random(5) === 0));
      await refreshExceptions(store);
      const rows = await store.query(kept, {});
      expect(rows).toEqual(await store.query(folded, {}));
      for (const row of rows) met.add(row.status);
    }
    expect([...met].sort()).toEqual(EXCEPTION_STATUSES.filter((s) => s !== "shadow").sort());
  });

  it("catches up with events that a process wrote before it died, at the next run", async () => {
    await write([event("a", "opened", 0), event("b", "opened", 0)]);
    await refreshExceptions(store);
    await write([event("a", "resolved", 5), event("c", "opened", 5)]);
    expect(await statuses("TIM-01")).toEqual({ a: "open", b: "open" });
    await run({ rules: ["PRJ-01"] });
    expect(await statuses("TIM-01")).toEqual({ a: "resolved", b: "open", c: "open" });
    expect(await store.query(kept, {})).toEqual(await store.query(folded, {}));
  });

  it("does not mislead a person who acts before it has caught up, and catches up with the act", async () => {
    await write([event("a", "opened", 0), event("b", "opened", 0)]);
    await refreshExceptions(store);
    await write([event("a", "resolved", 5), event("b", "acknowledged", 5, { evidence: "" })]);
    const act = (id: string, action: Parameters<typeof actOnException>[2]["action"]) =>
      actOnException(store, clock, { id, actor: "noor", action });
    await expect(act("a", { type: "acknowledge" })).rejects.toMatchObject({
      userMessage: "This exception is already resolved.",
    });
    await act("b", { type: "assign", assignee: "sam" });
    expect(await store.query(kept, {})).toMatchObject([
      { id: "a", status: "open" },
      { id: "b", status: "acknowledged", assignee: "sam", evidence: '{"minutes":0}' },
    ]);
  });

  it("never goes back to what was folded from fewer events", async () => {
    await write([event("a", "opened", 0), event("a", "resolved", 5)]);
    await refreshExceptions(store);
    await store.command(
      "INSERT INTO exception_state SELECT * REPLACE (1 AS events, 'open' AS status) FROM exception_state",
    );
    expect(await statuses()).toEqual({ a: "resolved" });
  });

  it("is built anew when its table was emptied", async () => {
    await write(["a", "b", "c"].map((key) => event(key, "opened", 0)));
    await refreshExceptions(store);
    const before = await store.query(kept, {});
    await store.command("TRUNCATE TABLE exception_state");
    expect(await statuses()).toEqual({});
    await refreshExceptions(store);
    expect(before).toHaveLength(3);
    expect(await store.query(kept, {})).toEqual(before);
  });
});
