import { afterEach, describe, expect, it } from "vitest";
import { openWorld, readAll, seed, type World } from "./world.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (...args: Parameters<typeof openWorld>) => {
  world = await openWorld(...args);
  return { world, ...world, firm: seed(world) };
};
const failed = async (w: World) => (await w.source.check()).filter((r) => !r.ok);
const message = async (w: World, what: string) =>
  (await w.source.check()).find((r) => r.what === what)?.message;

describe("checking the connection to Redmine", () => {
  it("finds everything in order, and says what cannot be seen without the change feed", async () => {
    const { world } = await open();
    expect(await failed(world)).toEqual([]);
    expect(await message(world, "time_entries")).toMatch(/there are 9, .*upper bound/);
    expect(await message(world, "Clock")).toContain("do not carry its time");
    const results = await world.source.check();
    expect(results.map((r) => r.what)).toEqual(
      expect.arrayContaining(['clientRefField "Client ref"', 'issues of "Allocation"', "users", "journals"]),
    );
  });

  it("says that changes are read from the feed where there is one", async () => {
    const { world } = await open({}, { hasFeed: true });
    expect(await message(world, "time_entries")).toContain("read from it, to the moment");
  });

  it("advises what to do when listing all time takes longer than the schedule allows", async () => {
    const { world, firm, fake, clock } = await open({ pageSize: 5 }, { schedule: "*/2 * * * *" });
    for (let n = 10; n <= 60; n++) firm.time(n, "2026-11-10", 1);
    fake.before = ({ path }) => {
      if (path === "/time_entries.json") clock.advance(20_000);
    };
    expect(await message(world, "time_entries")).toMatch(/about 5 min.*\(2 min\): set timeFrom/);
  });

  it("looks at one thing first: whose key it is", async () => {
    const { world, fake } = await open();
    fake.isAdminKey = false;
    expect(await world.source.check()).toEqual([
      { what: "API key", ok: false, message: expect.stringContaining("no administrator") },
    ]);
    fake.isAdminKey = true;
    fake.isRestOn = false;
    expect((await failed(world))[0]?.message).toContain("Enable REST web service");
    fake.isRestOn = true;
    fake.key = "another";
    expect((await failed(world))[0]?.message).toContain("does not know the API key");
  });

  it("names what a name in the settings could be instead", async () => {
    const { world } = await open({
      clientRefField: "Customer ref",
      rateTracker: "Prices",
      nonBillableActivities: ["Travel"],
    });
    const results = await failed(world);
    expect(results.map((r) => r.what)).toEqual([
      'rateTracker "Prices"',
      'clientRefField "Customer ref"',
      'nonBillableActivities "Travel"',
    ]);
    expect(results[1]?.message).toBe(
      'Redmine has no custom field for projects named "Customer ref" (setting clientRefField). It has: "Client ref", "Contract value". Correct the setting, or make one of that name.',
    );
    expect(results[0]?.message).toContain('It has: "Bug", "Task", "Allocation", "Rate card line"');
    expect(results[2]?.message).toContain('"Design", "Development"');
  });

  it("says when a field is not on its tracker, or holds several values", async () => {
    const { world, fake } = await open();
    fake.customFields = fake.customFields.map((f) =>
      f.name === "Hourly rate"
        ? { ...f, trackers: [{ id: 5 }] }
        : f.name === "Approval"
          ? { ...f, multiple: true }
          : f,
    );
    const results = await failed(world);
    expect(results.map((r) => r.what)).toEqual(['rateField "Hourly rate"', 'approvalField "Approval"']);
    expect(results[0]?.message).toContain('is not on the tracker "Rate card line"');
    expect(results[1]?.message).toContain("several values");
  });
});

describe("reading a Redmine that will not have it", () => {
  it("says the same words, as something for a person to put right", async () => {
    const { stream, fake } = await open();
    const reading = (name: string) => readAll(stream(name));
    fake.isAdminKey = false;
    await expect(reading("users")).rejects.toMatchObject({
      recovery: "reconfigure",
      userMessage: expect.stringMatching(
        /"integration" read \/custom_fields\.json\. The key must be an administrator's/,
      ),
    });
    fake.isAdminKey = true;
    fake.isRestOn = false;
    await expect(reading("time_entries")).rejects.toMatchObject({ code: "redmine.rest-off" });
    fake.isRestOn = true;
    fake.trackers = fake.trackers.filter((t) => t.name !== "Allocation");
    await expect(reading("allocations")).rejects.toMatchObject({
      code: "redmine.no-such-name",
      userMessage: expect.stringContaining('no tracker named "Allocation"'),
    });
    // What does not depend on the missing name is read all the same.
    expect((await reading("tasks")).ids).toHaveLength(2);
  });

  it("asks again once a missing name was made", async () => {
    const { stream, fake, clock } = await open();
    const trackers = fake.trackers;
    fake.trackers = trackers.filter((t) => t.name !== "Allocation");
    await expect(readAll(stream("allocations"))).rejects.toMatchObject({ code: "redmine.no-such-name" });
    fake.trackers = trackers;
    clock.advance(61_000);
    expect((await readAll(stream("allocations"))).ids).toHaveLength(2);
  });
});
