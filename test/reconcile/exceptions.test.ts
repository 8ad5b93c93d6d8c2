/** What people do to exceptions, and the money they hold up. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { instantOf } from "#core/time";
import { actOnException, actOnExceptions } from "#reconcile/exceptions";
import { STANDING } from "#sql/queries/exceptions";
import { queueTotals } from "#sql/queries/queue";
import { chDecimal, chInt, chString, compiledQuery } from "#sql/query";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";
import { HOUR, type Months, months } from "./months.ts";
import { put, putEngagement, timeLine } from "./seed.ts";

/** The queue without a filter. */
const ANYTHING = {
  rules: [],
  severities: [],
  blocking: "",
  client: "",
  project: "",
  entity: "",
  owner: "",
  min: "",
  ends_before: "1970-01-01 00:00:00.000",
  text: "",
};

let store: TestStore;
let clock: Months["clock"];
let run: Months["run"];
let statuses: Months["statuses"];
let idOf: Months["idOf"];
let detail: Months["detail"];
let events: Months["events"];
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await truncateAll(store);
  ({ clock, run, statuses, idOf, detail, events } = months(store));
});

describe("people", () => {
  const open = async () => {
    const who = await putEngagement(store, "A", { erpRate: "150" });
    await put(store, "psa", "time_entry", [timeLine("t1", who)]);
    await put(store, "erp", "time_entry", [timeLine("t1", who)]);
    await run({ rules: ["RAT-02"] });
    return idOf("RAT-02");
  };
  const act = async (id: string, action: Parameters<typeof actOnException>[2]["action"]) => {
    clock.advance(1000);
    await actOnException(store, clock, { id, actor: "noor", action });
  };

  it("acknowledge, assign and comment, and it stays open for the runs", async () => {
    const id = await open();
    await act(id, { type: "acknowledge" });
    await act(id, { type: "assign", assignee: "sam" });
    await act(id, { type: "comment", note: "Waiting for the contract." });
    await run({ rules: ["RAT-02"] });
    expect(await detail("RAT-02")).toMatchObject({
      status: "acknowledged",
      assignee: "sam",
      comments: 1,
      money: "400",
    });
  });

  it("snooze until a day, after which it wakes by itself", async () => {
    const id = await open();
    await act(id, { type: "snooze", until: instantOf(clock.now() + 3 * HOUR) });
    expect(await statuses()).toEqual({ "C-A|Consultant|USD": "snoozed" });
    await run({ rules: ["RAT-02"] });
    expect(await statuses()).toEqual({ "C-A|Consultant|USD": "snoozed" });
    clock.advance(3 * HOUR);
    await run({ rules: ["RAT-02"] });
    expect(await statuses()).toEqual({ "C-A|Consultant|USD": "open" });
  });

  it("waive with a reason, an end and a cap that the money may outgrow", async () => {
    const id = await open();
    await act(id, {
      type: "waive",
      note: "Agreed by the client.",
      until: instantOf(clock.now() + 48 * HOUR),
      cap: "500",
    });
    await run({ rules: ["RAT-02"] });
    expect(await detail("RAT-02")).toMatchObject({ status: "waived", waiver_cap: "500" });
    await put(store, "psa", "time_entry", [timeLine("t2", { project: "P-A", person: "E-A" })]);
    await run({ rules: ["RAT-02"] });
    await run({ rules: ["RAT-02"] });
    expect(await detail("RAT-02")).toMatchObject({ status: "open", money: "800" });
  });

  it("do a thing twice and it happened once", async () => {
    const id = await open();
    const command = { id, actor: "noor", action: { type: "comment" as const, note: "Once." } };
    await Promise.all([actOnException(store, clock, command), actOnException(store, clock, command)]);
    expect((await events("RAT-02")).filter((e) => e === "commented")).toHaveLength(1);
  });

  it("are told what makes no sense, and nothing happens", async () => {
    const id = await open();
    const refused = [
      [
        "a waiver without a reason",
        { type: "waive", note: "", until: "2026-07-01T00:00:00.000Z" },
        "A waiver needs a reason.",
      ],
      [
        "a snooze that ends in the past",
        { type: "snooze", until: "2026-01-01T00:00:00.000Z" },
        "A snooze must end in the future.",
      ],
      [
        "a waiver for ever",
        { type: "waive", note: "Because.", until: "2027-06-15T00:00:00.000Z" },
        "A waiver may last 90 days at most.",
      ],
      [
        "a cap that is no amount",
        { type: "waive", note: "Because.", until: "2026-07-01T00:00:00.000Z", cap: "1,000" },
        '"1,000" is not an amount. Write it as 1000 or 1000.50.',
      ],
      ["waking what is awake", { type: "wake" }, "This exception is neither snoozed nor waived."],
    ] as const;
    for (const [what, action, message] of refused)
      await expect(actOnException(store, clock, { id, actor: "noor", action }), what).rejects.toMatchObject({
        userMessage: message,
      });
    expect(await events("RAT-02")).toEqual(["opened"]);
  });

  it("act on many at once and hear which were refused", async () => {
    const id = await open();
    const outcome = await actOnExceptions(store, clock, {
      ids: [id, "nothing"],
      actor: "noor",
      action: { type: "acknowledge" },
    });
    expect(outcome).toEqual({
      done: [id],
      refused: [{ id: "nothing", message: "There is no such exception." }],
    });
  });
});

describe("blocked money", () => {
  const blocked = compiledQuery({
    name: "test.blocked",
    sql: "SELECT item_key, rule, toUInt8(blockers) AS blockers, value, value_reporting FROM blocked_item ORDER BY item_key",
    params: z.object({}),
    row: z.object({
      item_key: chString,
      rule: chString,
      blockers: chInt,
      value: chDecimal,
      value_reporting: chDecimal,
    }),
  });

  it("counts a line once, however many exceptions hold it up, and to the cent", async () => {
    const who = await putEngagement(store, "A", { currency: "GBP", rate: "133.33", erpRate: "100" });
    await put(store, "psa", "time_entry", [
      timeLine("t1", who, { hours: "7.25" }),
      timeLine("t2", who, { hours: "0.1" }),
      timeLine("t3", who, { work_on: "2025-01-01" }),
    ]);
    await put(store, "erp", "time_entry", [
      timeLine("t2", who, { hours: "0.1" }),
      timeLine("t3", who, { work_on: "2025-01-01" }),
    ]);
    await run({ rules: ["RAT-02", "TIM-01"] });
    const rows = await store.query(blocked, {});
    // t1: the wrong rate (severity 1) and the missing posting (severity 1) opened one after the other; the rate came first.
    expect(rows).toEqual([
      { item_key: "t1", rule: "RAT-02", blockers: 2, value: "966.6425", value_reporting: "1227.636" },
      { item_key: "t2", rule: "RAT-02", blockers: 1, value: "13.333", value_reporting: "16.9329" },
    ]);
    const totals = (
      await store.query(queueTotals, {
        ...ANYTHING,
        statuses: STANDING.statuses,
      })
    )[0];
    // 7.25 × 133.33 + 0.1 × 133.33 = 979.9755 GBP.
    expect(totals).toMatchObject({ total: 2, held_value: "1244.5689", held_items: 2 });
    await actOnException(store, clock, {
      id: await idOf("RAT-02"),
      actor: "noor",
      action: { type: "waive", note: "Agreed.", until: instantOf(clock.now() + HOUR) },
    });
    expect((await store.query(blocked, {})).map((r) => [r.item_key, r.rule])).toEqual([["t1", "TIM-01"]]);
  });
});
