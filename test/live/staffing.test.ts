/** Bookings that move in one system, and which of the two is right. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { addDays } from "#core/time";
import { pushPreview } from "#reconcile/push/preview";
import { date } from "./clients/tryton.ts";
import { at } from "./support/acts.ts";
import { pushDeps, pushThrough } from "./support/pushing.ts";
import { expectOnly, theOne } from "./support/standing.ts";
import { openWorld, type World, withoutLogs } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("vanilla", withoutLogs);
  await expectOnly(world, []);
}, 120_000);
afterEach(() => world.restore());
afterAll(() => world?.close());

/** A booking alone on its task, with where each system holds it. */
function booking() {
  const task = at(at(world.side.redmine.engagements, "kestrel-dp").tasks, "Discovery");
  const key = `${task}|E001`;
  return {
    key,
    issue: at(at(world.side.redmine.engagements, "kestrel-dp").allocations, key),
    work: at(at(world.side.tryton.engagements, "kestrel-dp").tasks, String(task)),
  };
}
/** Somebody moves the booking's last day in Redmine. Both systems are put back when the test ends. */
async function moveEnd(days: number): Promise<string> {
  const { issue, work } = booking();
  const { endsOn } = world.estate.calendar;
  const set = (due_date: string) => world.redmine.put(`/issues/${issue}.json`, { issue: { due_date } });
  world.afterwards(() => set(endsOn));
  world.afterwards(() =>
    world.tryton.write("project.work", [work], { constraint_finish_date: date(endsOn) }),
  );
  const moved = addDays(endsOn, days);
  await set(moved);
  return moved;
}
const dueOf = async (issue: number) =>
  (await world.redmine.get<{ issue: { due_date: string } }>(`/issues/${issue}.json`)).issue.due_date;
const finishOf = async (work: number) =>
  (await world.tryton.one("project.work", [["id", "=", work]], ["constraint_finish_date"]))
    .constraint_finish_date;

describe("a booking that moved in Redmine", () => {
  const expected = () => [
    { rule: "ASG-03", comparison: "assignments", key: booking().key, kind: "mismatch" },
  ];

  it("moves in Tryton too, by one push", async () => {
    const moved = await moveEnd(21);
    const found = await expectOnly(world, expected());
    await pushThrough(world, pushDeps(world), theOne(found, "ASG-03").id);
    expect(await finishOf(booking().work)).toEqual(date(moved));
  });

  it("moves back in Redmine where finance's plan is the record", async () => {
    await moveEnd(-14);
    const found = await expectOnly(world, expected());
    await pushThrough(world, pushDeps(world, { assignments: "erp" }), theOne(found, "ASG-03").id);
    expect(await dueOf(booking().issue)).toBe(world.estate.calendar.endsOn);
    expect(await finishOf(booking().work)).toEqual(date(world.estate.calendar.endsOn));
  });

  it("within a day of the other system's date is no difference", async () => {
    await moveEnd(1);
    await expectOnly(world, []);
  });

  it("is left to a person where the dates in Tryton are shared with somebody else's booking", async () => {
    const { tasks, allocations } = at(world.side.redmine.engagements, "kestrel-dp");
    const key = `${at(tasks, "Build")}|E002`;
    const issue = at(allocations, key);
    const { endsOn } = world.estate.calendar;
    const set = (due_date: string) => world.redmine.put(`/issues/${issue}.json`, { issue: { due_date } });
    world.afterwards(() => set(endsOn));
    await set(addDays(endsOn, -30));
    const found = await expectOnly(world, [
      { rule: "ASG-03", comparison: "assignments", key, kind: "mismatch" },
    ]);
    const preview = await pushPreview(pushDeps(world), theOne(found, "ASG-03").id);
    expect(preview).toMatchObject({ kind: "ready", allowed: false });
    if (preview.kind === "ready")
      expect(preview.guards.find((g) => g.name === "Not locked")?.message).toContain("Ines Okonkwo");
  });

  it("with another share is set in Tryton", async () => {
    const { issue, key } = booking();
    const field = at(world.side.redmine.customFields, "Allocation %");
    const allocation = at(at(world.side.tryton.engagements, "kestrel-dp").allocations, key);
    const set = (value: string) =>
      world.redmine.put(`/issues/${issue}.json`, { issue: { custom_fields: [{ id: field, value }] } });
    world.afterwards(() => set("80"));
    world.afterwards(() => world.tryton.write("project.allocation", [allocation], { percentage: 80 }));
    await set("60");
    const found = await expectOnly(world, expected());
    await pushThrough(world, pushDeps(world), theOne(found, "ASG-03").id);
    expect(
      await world.tryton.one("project.allocation", [["id", "=", allocation]], ["percentage"]),
    ).toMatchObject({ percentage: 60 });
  });
});
