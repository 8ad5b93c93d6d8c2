/** What the systems tell with their add-ons: who changed what and when, and what is gone, without listing everything. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chTime, msOf, systemClock } from "#core/time";
import { postingLatency } from "#sql/queries/overview";
import { rows } from "../support/ingest-state.ts";
import { duration } from "./clients/tryton.ts";
import { at, type Booked, bookTime, linesOf, money, postTime, rateOf, removeEntry } from "./support/acts.ts";
import { expectOnly, standing } from "./support/standing.ts";
import { openWorld, type World } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("addons");
}, 120_000);
afterEach(() => world.restore());
afterAll(() => world?.close());

const workshop = (): Booked => ({
  engagement: "kestrel-dp",
  task: "Discovery",
  person: "E001",
  hours: 3.25,
  on: world.estate.calendar.lastWorkDay,
  note: "Workshop on site",
});
let began: number;
beforeEach(() => {
  began = systemClock.now();
});
/** What is known of one field's changes in this test, oldest first: Redmine gives the id of a deleted newest entry once more. */
const changesOf = (sourceId: string, nativeId: string | number, field = "hours") =>
  rows(
    world.store,
    `SELECT toString(role) AS role, entity, old_value, new_value, actor, toString(actor_kind) AS actor_kind, toString(changed_at) AS at
     FROM change_event FINAL
     WHERE source_id = '${sourceId}' AND native_id = '${nativeId}' AND field = '${field}' AND changed_at >= '${chTime(began)}'
     ORDER BY changed_at`,
  );

describe("systems with their add-ons", () => {
  it("agree as well: a full reconciliation opens nothing", async () => {
    await world.read({ mode: "full" });
    await expectOnly(world, []);
  });

  it("tell how long approved time took to be posted, exactly where they saw it approved", async () => {
    const entries = await world.redmine.all<{ spent_on: string }>("/time_entries.json", "time_entries");
    const approvedOneByOne = entries.filter((e) => e.spent_on === world.estate.calendar.lastWorkDay).length;
    expect(approvedOneByOne).toBeGreaterThan(2);
    const [latency] = await world.store.query(postingLatency, { from: "2000-01-01 00:00:00" });
    expect(latency).toMatchObject({
      lines: entries.length,
      posted: entries.length,
      upper_bounds: entries.length - approvedOneByOne,
    });
  });

  it("tell who changed a time entry's hours in Redmine, from what to what, and when", async () => {
    const entry = await bookTime(world, workshop());
    await postTime(world, entry, workshop());
    const from = systemClock.now();
    await world.redmine.as("dana").put(`/time_entries/${entry}.json`, { time_entry: { hours: 4 } });
    const to = systemClock.now();
    await expectOnly(world, [{ rule: "TIM-03", comparison: "time", key: entry, kind: "mismatch" }]);
    const changes = await changesOf("redmine", entry);
    expect(changes).toMatchObject([
      {
        role: "psa",
        entity: "time_entry",
        old_value: "3.25",
        new_value: "4",
        actor: "dana",
        actor_kind: "person",
      },
    ]);
    const changedAt = msOf(`${String(changes[0]?.at).replace(" ", "T")}Z`);
    expect(changedAt).toBeGreaterThanOrEqual(from - 1);
    expect(changedAt).toBeLessThanOrEqual(to + 1);
    expect((await changesOf("redmine", entry, "status")).map((c) => c.new_value)).toEqual(["approved"]);
  });

  it("tell who changed a line's hours in Tryton, once, although its history repeats itself", async () => {
    const entry = await bookTime(world, workshop());
    const line = await postTime(world, entry, workshop());
    await world.tryton.write("timesheet.line", [line], { duration: duration(5 * 3600) });
    await expectOnly(world, [{ rule: "TIM-03", comparison: "time", key: entry, kind: "mismatch" }]);
    const history = await world.tryton.find(
      "change.history.timesheet.line",
      [["record", "=", line]],
      ["duration", "approval_state", "employee", "date"],
    );
    const states = new Set(history.map(({ id: _, ...state }) => JSON.stringify(state)));
    expect(history.length).toBeGreaterThan(states.size);
    expect(await changesOf("tryton-erp", line)).toMatchObject([
      {
        role: "erp",
        entity: "time_entry",
        old_value: "3.25",
        new_value: "5",
        actor: "admin",
        actor_kind: "person",
      },
    ]);
  });

  it("tell of time that was deleted in Redmine without listing the rest", async () => {
    const entry = await bookTime(world, workshop());
    await postTime(world, entry, workshop());
    await expectOnly(world, []);
    await removeEntry(world, entry);
    await expectOnly(world, [
      {
        rule: "TIM-02",
        comparison: "time",
        key: entry,
        kind: "missing_left",
        money: money(3.25 * rateOf("C-1001", "Senior Consultant")),
      },
    ]);
    const [last] = await rows(
      world.store,
      `SELECT toUInt32(records_read) AS read, toUInt32(records_deleted) AS deleted, toString(mode) AS mode FROM sync_event
       WHERE source_id = 'redmine' AND stream = 'time_entries' AND state = 'finished' ORDER BY at DESC LIMIT 1`,
    );
    expect(last).toMatchObject({ mode: "incremental", deleted: 1 });
    expect(Number(last?.read)).toBeLessThan(10);
    expect(await changesOf("redmine", entry, "raw:delete")).toHaveLength(1);
  });

  it("take the approval of posted time back on both sides", async () => {
    const entry = await bookTime(world, workshop());
    await postTime(world, entry, workshop());
    const [line] = await linesOf(world, entry);
    await world.tryton.write("timesheet.line", [line as number], { approval_state: "rejected" });
    await expectOnly(world, [{ rule: "TIM-01", comparison: "time", key: entry, kind: "missing_right" }]);
    await world.redmine.put(`/time_entries/${entry}.json`, {
      time_entry: {
        custom_fields: [{ id: at(world.side.redmine.customFields, "Approval"), value: "rejected" }],
      },
    });
    await expectOnly(world, []);
  });

  it("tell who changes what another system is right about, unless the writer is known", async () => {
    const entry = await bookTime(world, workshop());
    const line = await postTime(world, entry, workshop());
    await world.tryton.write("timesheet.line", [line], { duration: duration(2 * 3600) });
    const hours = { rule: "TIM-03", comparison: "time", key: entry, kind: "mismatch" };
    await expectOnly(world, [hours]);
    const noneKnown = {
      ...world.config,
      sources: world.config.sources.map((s) => ({ ...s, knownWriters: [] })),
    };
    // What fails once is suspected, and opens when it fails again.
    for (let run = 1; run <= 2; run++) await world.compareLater({}, noneKnown);
    const [writer, ...others] = (await standing(world)).filter((e) => e.rule === "SYS-04");
    expect(others).toEqual([]);
    expect(writer).toMatchObject({ kind: "gate", key: "tryton-erp|time_entry|hours|admin", status: "open" });
    await world.compareLater();
    await expectOnly(world, [hours]);
  });
});
