import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { msOf } from "#core/time";
import { syncStream } from "#ingest/sync";
import { count, rows } from "../../support/ingest-state.ts";
import { openTestStore, type TestStore, truncateAll } from "../../support/store.ts";
import { changesOf, NOW, openWorld, readAll, seed, type World } from "./world.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (...args: Parameters<typeof openWorld>) => {
  world = await openWorld(...args);
  return { world, ...world, firm: seed(world) };
};
const numbers = (ids: readonly string[]) => ids.map(Number).sort((a, b) => a - b);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
const approval = (value: string) => ({ custom_fields: [{ id: 4, name: "Approval", value }] });

describe("time entries with the change feed", () => {
  it("are listed once by id, and then only what happened to them is read, to the moment, with deletions", async () => {
    const { stream, firm, fake, clock } = await open({}, { hasFeed: true });
    for (let n = 10; n <= 40; n++) firm.time(n, "2026-11-10", 1);
    const times = stream("time_entries");
    const first = await readAll(times);
    expect(numbers(first.ids)).toEqual(range(1, 40));
    expect(first.last).toMatchObject({ everything: true });
    expect(first.changedAt.get("7")).toBe("2026-10-01T09:00:07.000Z");
    clock.advance(61_250);
    fake.put("times", { id: 7, hours: 6 });
    fake.remove("times", 8);
    firm.time(50, "2026-11-20", 2, {}, clock.now());
    clock.advance(1000);
    fake.put("times", { id: 7, hours: 5 });
    clock.advance(30_000);
    fake.requests.length = 0;
    const second = await readAll(times, first.bookmark);
    expect(fake.requests.filter((r) => r.includes("/time_entries"))).toEqual([]);
    expect(second.records.map((r) => [r.id, r.hours, r.deleted])).toEqual([
      [8, 7.5, true],
      [50, 2, undefined],
      [7, 5, undefined],
    ]);
    expect(second.changedAt.get("8")).toBe("2026-11-20T15:01:01.250Z");
    expect(second.changedAt.get("7")).toBe("2026-11-20T15:01:02.250Z");
    expect(second.last).toMatchObject({ completeUntil: "2026-11-20T15:00:32.250Z" });
    expect(second.last?.everything).toBeUndefined();
    expect((await readAll(times, second.bookmark)).ids).toEqual([]);
  });

  it("see an event that became visible late, under a lower number than what was read", async () => {
    const { stream, fake, clock } = await open({}, { hasFeed: true });
    const times = stream("time_entries");
    const first = await readAll(times);
    clock.advance(120_000);
    fake.put("times", { id: 1, hours: 1 });
    fake.put("times", { id: 2, hours: 2 });
    const [late] = fake.events.splice(-2, 1);
    const second = await readAll(times, first.bookmark);
    expect(second.ids).toEqual(["2"]);
    fake.events.splice(-1, 0, late as (typeof fake.events)[number]);
    expect((await readAll(times, second.bookmark)).ids).toEqual(["1"]);
  });

  it("go on from the middle of the list, and then know what changed behind it", async () => {
    const { stream, firm, fake, clock } = await open({}, { hasFeed: true });
    for (let n = 10; n <= 30; n++) firm.time(n, "2026-11-10", 1);
    const times = stream("time_entries");
    const whole = await readAll(times);
    const middle = whole.pages[1]?.bookmark ?? null;
    clock.advance(120_000);
    fake.put("times", { id: 3, hours: 1 });
    const rest = await readAll(times, middle);
    expect(numbers(rest.ids)).toEqual(range(15, 30));
    expect(rest.last).toMatchObject({ completeUntil: null });
    expect(rest.last?.everything).toBeUndefined();
    expect((await readAll(times, rest.bookmark)).records).toMatchObject([{ id: 3, hours: 1 }]);
  });

  it("before timeFrom do not count, also when one is moved there", async () => {
    for (const hasFeed of [true, false]) {
      const { stream, fake, clock } = await open({ timeFrom: "2026-11-05" }, { hasFeed });
      const times = stream("time_entries");
      const first = await readAll(times);
      expect(numbers(first.ids)).toEqual(range(5, 9));
      clock.advance(120_000);
      fake.put("times", { id: 6, spent_on: "2026-10-06" });
      fake.put("times", { id: 2, spent_on: "2026-11-12" });
      fake.put("times", { id: 3, hours: 1 });
      const second = await readAll(times, first.bookmark);
      if (hasFeed)
        expect(second.records.map((r) => [r.id, r.deleted])).toEqual([
          [6, true],
          [2, undefined],
        ]);
      else expect(numbers(second.ids)).toEqual([2, 5, 7, 8, 9]);
      await world?.close();
    }
    world = null;
  });

  it("are not read by the feed where the settings say so", async () => {
    const { world, fake } = await open({}, { hasFeed: true });
    const source = world.reopen({ changeFeed: "off" });
    expect(source.streams.map((s) => s.name)).not.toContain("change_feed");
    fake.requests.length = 0;
    const times = source.streams.find((s) => s.name === "time_entries");
    expect(times?.deletes).toBe("sweep");
    if (times) expect((await readAll(times)).ids).toHaveLength(9);
    expect(fake.requests.filter((r) => r.includes("change_feed"))).toEqual([]);
  });
});

describe("changes told by the feed", () => {
  it("are in canonical words, with who made them and to the moment", async () => {
    const { stream, firm, fake, clock } = await open({ integrationUsers: ["bot"] }, { hasFeed: true });
    const feed = stream("change_feed");
    const first = await readAll(feed);
    clock.advance(60_500);
    fake.put("times", {
      id: 3,
      hours: 4,
      spent_on: "2026-11-13",
      issue: { id: 22 },
      ...approval("rejected"),
    });
    fake.put(
      "times",
      { id: 3, custom_fields: firm.custom([4, "Approval", "rejected"], [5, "ERP ref", "X"]) },
      { by: "bot" },
    );
    fake.put("projects", { id: 12, status: 5 }, { silent: true });
    fake.put("projects", { id: 10, name: "Northwind Inc." });
    fake.remove("times", 4);
    const second = await readAll(feed, first.bookmark);
    const changes = changesOf(feed, second.records);
    expect(changes.map((c) => [c.entity, c.nativeId, c.field, c.oldValue, c.newValue, c.actorKind])).toEqual([
      ["time_entry", "3", "task_ref", "21", "22", "person"],
      ["time_entry", "3", "work_on", "2026-11-03", "2026-11-13", "person"],
      ["time_entry", "3", "hours", "7.5", "4", "person"],
      ["time_entry", "3", "status", "approved", "rejected", "person"],
      ["time_entry", "3", "is_approved", "true", "false", "person"],
      ["time_entry", "3", "raw:ERP ref", "", "X", "integration"],
      ["project", "12", "status", "active", "closed", "person"],
      ["customer", "10", "name", "Northwind", "Northwind Inc.", "person"],
      ["time_entry", "4", "raw:delete", "7.5 h on 2026-11-04", "", "person"],
    ]);
    expect(changes[0]).toMatchObject({ actor: "ada", changedAt: "2026-11-20T15:01:00.500Z" });
  });

  it("begin anew when the feed was emptied", async () => {
    const { stream, fake, clock } = await open({}, { hasFeed: true });
    const [feed, times] = [stream("change_feed"), stream("time_entries")];
    const [first, listed] = [await readAll(feed), await readAll(times)];
    fake.events.length = 0;
    clock.advance(120_000);
    fake.put("times", { id: 1, hours: 1 });
    expect(changesOf(feed, (await readAll(feed, first.bookmark)).records)).toMatchObject([
      { field: "hours" },
    ]);
    expect((await readAll(times, listed.bookmark)).last?.everything).toBe(true);
  });

  it("are none where there is no feed, and the stream is complete all the same and says what it does not show", async () => {
    const { stream } = await open();
    const { pages } = await readAll(stream("change_feed"));
    expect(pages).toEqual([
      {
        records: [],
        bookmark: null,
        completeUntil: "2026-11-20T14:59:00.000Z",
        note: expect.stringContaining("keeps no log of time entries"),
      },
    ]);
  });
});

describe("time entries in the store", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store?.close());
  beforeEach(() => truncateAll(store));

  const syncTime = ({ opened, clock }: World, mode: "incremental" | "full" = "incremental") => {
    const stream = opened.source.streams.find((s) => s.name === "time_entries");
    if (!stream) throw new Error("no time entries");
    return syncStream({ store, source: opened, stream, mode, clock });
  };
  const live = () =>
    rows(
      store,
      `SELECT toUInt32(native_id) AS id, hours, is_approved, toString(changed_at) AS at
       FROM time_entry FINAL WHERE is_deleted = 0 ORDER BY id`,
    );
  const of = async (id: number) => (await live()).find((r) => r.id === id);
  const versions = () => count(store, "SELECT 1 FROM raw_record");

  it("go when Redmine no longer lists them, at every read, and are not stored again while they stay the same", async () => {
    const { world, fake, clock } = await open();
    await syncTime(world);
    expect(await live()).toHaveLength(9);
    const before = await versions();
    clock.advance(60_000);
    await syncTime(world);
    expect(await versions()).toBe(before);
    fake.remove("times", 4);
    clock.advance(60_000);
    expect(await syncTime(world)).toMatchObject({ deleted: 1 });
    expect((await live()).map((r) => r.id)).toEqual([1, 2, 3, 5, 6, 7, 8, 9]);
  });

  it("hold what they hold now, though a value went and came back under one change time", async () => {
    for (const hasFeed of [false, true]) {
      await truncateAll(store);
      const { world, fake, clock } = await open({}, { hasFeed });
      await syncTime(world);
      for (const [n, value] of ["draft", "approved", "draft"].entries()) {
        clock.advance(60_000);
        fake.put("times", { id: 2, ...approval(value) }, { silent: true });
        await syncTime(world);
        expect(await of(2), `${hasFeed} ${n}`).toMatchObject({
          is_approved: value === "approved" ? 1 : 0,
          at: `2026-11-20 15:0${n + 1}:00.000`,
        });
      }
      // Twice between two reads: what counts is how it was left.
      clock.advance(60_000);
      fake.put("times", { id: 2, ...approval("approved") }, { silent: true });
      clock.advance(1000);
      fake.put("times", { id: 2, ...approval("draft") }, { silent: true });
      await syncTime(world);
      expect(await of(2)).toMatchObject({ is_approved: 0 });
      await world.close();
    }
    world = null;
  });

  it("are complete after the feed went away, and after it came back", async () => {
    const { world, firm, fake, clock } = await open({}, { hasFeed: true });
    await syncTime(world);
    clock.advance(60_000);
    fake.put("times", { id: 1, hours: 1 });
    await syncTime(world);
    const before = await versions();
    fake.hasFeed = false;
    clock.advance(60_000);
    await syncTime(world);
    // The same records look the same, whichever way they come.
    expect(await versions()).toBe(before);
    fake.remove("times", 2);
    firm.time(60, "2026-11-19", 3, {}, clock.now());
    clock.advance(60_000);
    await syncTime(world);
    expect((await live()).map((r) => r.id)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 60]);
    fake.hasFeed = true;
    fake.remove("times", 3);
    fake.put("times", { id: 60, hours: 3.25 });
    clock.advance(60_000);
    await syncTime(world);
    clock.advance(60_000);
    fake.put("times", { id: 5, hours: 5 });
    await syncTime(world);
    expect((await live()).map((r) => [r.id, String(r.hours)])).toEqual([
      [1, "1"],
      [4, "7.5"],
      [5, "5"],
      [6, "7.5"],
      [7, "7.5"],
      [8, "7.5"],
      [9, "7.5"],
      [60, "3.25"],
    ]);
  });

  it("that were changed behind the application's back are found by a full read, feed or no feed", async () => {
    const { world, fake, clock } = await open({}, { hasFeed: true });
    await syncTime(world);
    clock.advance(60_000);
    fake.put("times", { id: 4, hours: 2 }, { silent: true, unlogged: true });
    fake.times.delete(9);
    await syncTime(world, "full");
    expect(await of(4)).toMatchObject({ at: "2026-11-20 15:01:00.000" });
    expect(Number((await of(4))?.hours)).toBe(2);
    expect((await live()).map((r) => r.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("lose nothing when the reading breaks off in the middle", async () => {
    for (const hasFeed of [false, true]) {
      await truncateAll(store);
      const { world, firm, fake, clock } = await open({ pageSize: 5 }, { hasFeed });
      for (let n = 10; n <= 30; n++) firm.time(n, "2026-11-10", 1);
      const fault = fake.server.faults.add({ path: "time_entries", after: 2, effect: { kind: "outage" } });
      await expect(syncTime(world)).rejects.toMatchObject({ recovery: "retry" });
      fake.server.faults.remove(fault);
      clock.advance(60_000);
      fake.put("times", { id: 3, hours: 1.5 });
      await syncTime(world);
      clock.advance(60_000);
      await syncTime(world);
      expect((await live()).map((r) => r.id)).toEqual(range(1, 30));
      expect(Number((await of(3))?.hours)).toBe(1.5);
      expect(msOf(NOW)).toBeLessThan(clock.now());
      await world.close();
    }
    world = null;
  });
});
