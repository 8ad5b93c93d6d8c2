/** Time that was approved and not posted, posted and then changed, or taken away on one side. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { pushExecute } from "#reconcile/push/execute";
import { verifyLedger } from "#reconcile/push/ledger";
import { duration } from "./clients/tryton.ts";
import {
  at,
  type Booked,
  bookTime,
  editEntry,
  linesOf,
  money,
  postTime,
  rateOf,
  removeEntry,
  removeLinesOf,
} from "./support/acts.ts";
import { approved, prove, pushDeps, pushThrough } from "./support/pushing.ts";
import { expectOnly, statusOf, theOne } from "./support/standing.ts";
import { openWorld, type World, withoutLogs } from "./support/world.ts";

let world: World;
let rate: number;
beforeAll(async () => {
  world = await openWorld("vanilla", withoutLogs);
  rate = rateOf("C-1001", "Senior Consultant");
  await expectOnly(world, []);
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
const missing = (key: string, hours: number) => ({
  rule: "TIM-01",
  comparison: "time",
  key,
  kind: "missing_right",
  money: money(hours * rate),
});
const lineOf = async (entry: string) => {
  const [id] = await linesOf(world, entry);
  return world.tryton.one<{ id: number; duration: { seconds: number }; description: string }>(
    "timesheet.line",
    [["id", "=", id]],
    ["duration", "description", "employee", "date"],
  );
};

describe("approved time that finance does not have", () => {
  it("is posted once, under the entry's own id", async () => {
    const entry = await bookTime(world, workshop());
    removeLinesOf(world, entry);
    const found = await expectOnly(world, [missing(entry, 3.25)]);
    const push = await pushThrough(world, pushDeps(world), theOne(found, "TIM-01").id);
    expect(await linesOf(world, entry)).toEqual([Number(push.targetNativeId)]);
    expect(await lineOf(entry)).toMatchObject({
      duration: duration(3.25 * 3600),
      description: "Workshop on site",
      employee: at(world.side.tryton.employees, "E001").employee,
    });
    // Carrying it out again does nothing again.
    expect(await pushExecute(pushDeps(world), push.id)).toMatchObject({ status: "verified" });
    expect(await linesOf(world, entry)).toHaveLength(1);
    expect(await verifyLedger(world.store)).toMatchObject({ ok: true });
  });

  it("and somebody else posts between approval and push is not posted twice", async () => {
    const entry = await bookTime(world, workshop());
    const found = await expectOnly(world, [missing(entry, 3.25)]);
    const { id: exception } = theOne(found, "TIM-01");
    const deps = pushDeps(world);
    const id = await approved(deps, exception);
    await postTime(world, entry, workshop());
    expect(await pushExecute(deps, id)).toMatchObject({ status: "already_right" });
    expect(await prove(world, deps, id)).toMatchObject({ verified: true });
    expect(await linesOf(world, entry)).toHaveLength(1);
    expect(await statusOf(world, exception)).toBe("resolved");
  });

  it("is posted once by two workers at the same moment", async () => {
    const entry = await bookTime(world, workshop());
    removeLinesOf(world, entry);
    await world.read();
    await world.compareLater({ rules: ["TIM-01"] });
    const found = await expectOnly(world, [missing(entry, 3.25)]);
    const deps = pushDeps(world);
    const id = await approved(deps, theOne(found, "TIM-01").id);
    await Promise.all([pushExecute(deps, id), pushExecute(deps, id)]);
    expect(await linesOf(world, entry)).toHaveLength(1);
    // A push that is never proven would be told of in every later scenario (SYS-07).
    expect(await prove(world, deps, id)).toMatchObject({ verified: true });
  });

  it("is asked about no more once its approval is taken back", async () => {
    const entry = await bookTime(world, workshop());
    const found = await expectOnly(world, [missing(entry, 3.25)]);
    await world.redmine.put(`/time_entries/${entry}.json`, {
      time_entry: {
        custom_fields: [{ id: at(world.side.redmine.customFields, "Approval"), value: "rejected" }],
      },
    });
    await expectOnly(world, []);
    expect(await statusOf(world, theOne(found, "TIM-01").id)).toBe("resolved");
  });
});

describe("time that was edited after it was posted", () => {
  /** A line of the last day, in both systems, not invoiced: its id and the hours it was booked with. */
  const posted = () => {
    const { timeEntries } = at(world.side.redmine.engagements, "kestrel-dp");
    const lines = at(world.side.tryton.engagements, "kestrel-dp").lines;
    const entry = String(timeEntries.at(-3));
    return { entry, line: at(lines, entry) };
  };
  const hoursIn = async (entry: string) =>
    (await world.redmine.get<{ time_entry: { hours: number } }>(`/time_entries/${entry}.json`)).time_entry
      .hours;
  const differs = (key: string) => ({ rule: "TIM-03", comparison: "time", key, kind: "mismatch" });

  it("is corrected in Tryton", async () => {
    const { entry, line } = posted();
    const was = await hoursIn(entry);
    world.afterwards(() => world.tryton.write("timesheet.line", [line], { duration: duration(was * 3600) }));
    await editEntry(world, entry, was + 1.5, was);
    const found = await expectOnly(world, [differs(entry)]);
    await pushThrough(world, pushDeps(world), theOne(found, "TIM-03").id);
    expect((await lineOf(entry)).duration.seconds).toBe((was + 1.5) * 3600);
  });

  it("is corrected in Redmine where finance's line is the record, and stays approved", async () => {
    const { entry } = posted();
    const was = await hoursIn(entry);
    await editEntry(world, entry, was - 0.75, was);
    const found = await expectOnly(world, [differs(entry)]);
    await pushThrough(world, pushDeps(world, { time: "erp" }), theOne(found, "TIM-03").id);
    expect(await hoursIn(entry)).toBe(was);
    const { time_entry } = await world.redmine.get<{
      time_entry: { custom_fields: { name: string; value: string }[] };
    }>(`/time_entries/${entry}.json`);
    expect(time_entry.custom_fields.find((f) => f.name === "Approval")?.value).toBe("approved");
  });
});

describe("time that is taken away", () => {
  it("in Redmine leaves a posted line nobody approved, found at the next read", async () => {
    const entry = await bookTime(world, workshop());
    await postTime(world, entry, workshop());
    await expectOnly(world, []);
    await removeEntry(world, entry);
    await expectOnly(
      world,
      [{ rule: "TIM-02", comparison: "time", key: entry, kind: "missing_left", money: money(3.25 * rate) }],
      { mode: "incremental" },
    );
  });

  it("in Tryton leaves approved hours unbilled, found by the daily look for deletions", async () => {
    const entry = await bookTime(world, workshop());
    const line = await postTime(world, entry, workshop());
    await expectOnly(world, []);
    await world.tryton.delete("timesheet.line", [line]);
    await expectOnly(world, [missing(entry, 3.25)], { mode: "full" });
  });
});
