import { afterEach, describe, expect, it } from "vitest";
import { msOf } from "#core/time";
import { changesOf, mapAll, NOW, openWorld, readAll, seed, type World } from "./world.ts";

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

describe("Redmine's lists", () => {
  it("are read whole, a hundred records at a time whatever the page size could be", async () => {
    const { stream, firm, fake } = await open();
    for (let n = 10; n <= 250; n++) firm.time(n, "2026-11-10", 1);
    fake.requests.length = 0;
    const { ids, last } = await readAll(stream("time_entries"));
    expect(numbers(ids)).toEqual(range(1, 250));
    expect(fake.requests.filter((r) => r.includes("/time_entries"))).toHaveLength(3);
    expect(last).toMatchObject({ everything: true, completeUntil: "2026-11-20T14:59:00.000Z", records: [] });
  });

  it("lose nothing when records behind the reader go away and new ones come", async () => {
    for (const gone of [[1], [1, 2, 3], range(1, 12), [4, 5, 6, 7]]) {
      const { stream, firm, fake } = await open({ pageSize: 4 });
      for (let n = 10; n <= 30; n++) firm.time(n, "2026-11-10", 1);
      let asked = 0;
      fake.before = ({ path }) => {
        if (path !== "/time_entries.json" || ++asked !== 4) return;
        for (const id of gone) fake.remove("times", id);
        for (const n of gone) firm.time(100 + n, "2026-11-10", 1, {}, msOf(NOW));
      };
      const { ids } = await readAll(stream("time_entries"));
      expect(asked).toBeGreaterThan(8);
      const left = range(1, 30).filter((n) => !gone.includes(n));
      expect(numbers(ids)).toEqual(expect.arrayContaining(left));
      expect(new Set(ids).size).toBe(ids.length);
      await world?.close();
    }
    world = null;
  });

  it("are given up, and nothing is taken for deleted, when they move faster than they can be read", async () => {
    const { stream, firm, fake } = await open({ pageSize: 2 });
    let next = 1000;
    fake.before = ({ path, query }) => {
      if (path !== "/time_entries.json" || query.get("offset") === "0") return;
      // Whatever was there before is gone at every turn.
      for (const id of [...fake.times.keys()]) fake.remove("times", id);
      for (let n = 0; n < 9; n++) firm.time(next++, "2026-11-10", 1, {}, msOf(NOW) + next);
    };
    await expect(readAll(stream("time_entries"))).rejects.toMatchObject({
      recovery: "retry",
      userMessage: expect.stringContaining("Nothing was taken for deleted"),
    });
  });

  it("are whole when pages come shuffled, or every record twice", async () => {
    const { stream, firm, fake } = await open({ pageSize: 5 });
    for (let n = 10; n <= 30; n++) firm.time(n, "2026-11-10", 1);
    for (const kind of ["shuffled-page", "duplicate-page"] as const) {
      const id = fake.server.faults.add({ path: "/time_entries", effect: { kind } });
      expect(numbers((await readAll(stream("time_entries"))).ids)).toEqual(range(1, 30));
      fake.server.faults.remove(id);
    }
  });

  it("go on after server errors, throttling and broken answers", async () => {
    const { stream, fake } = await open({ pageSize: 3 });
    const effects = [
      { kind: "server-error", status: 500 },
      { kind: "server-error", status: 503, html: true },
      { kind: "too-many-requests" },
      { kind: "truncated" },
      { kind: "malformed-json" },
      { kind: "cut" },
    ] as const;
    for (const effect of effects) {
      fake.server.faults.clear();
      fake.server.faults.add({ path: "/time_entries", after: 1, times: 1, effect });
      const { ids } = await readAll(stream("time_entries"));
      expect(fake.server.faults.list()[0]?.struck, effect.kind).toBe(1);
      expect(numbers(ids), effect.kind).toEqual(range(1, 9));
    }
  });

  it("say an archived project's records are gone, and show closed ones", async () => {
    const { stream, fake } = await open();
    fake.put("projects", { id: 12, status: 5 }, { silent: true });
    fake.put("projects", { id: 13, status: 9 }, { silent: true });
    const { records } = await readAll(stream("projects"));
    const projects = mapAll(stream("projects"), records);
    expect(projects.map((p) => p.nativeId).sort()).toEqual(["10", "11", "12", "14"]);
    expect(projects.find((p) => p.nativeId === "12")).toMatchObject({
      data: { status: "closed", is_active: false },
    });
  });

  it("of users hold locked accounts too, and none is lost that is unlocked meanwhile", async () => {
    const { stream, fake } = await open();
    fake.put("users", { id: 6, status: 3 });
    const { records } = await readAll(stream("users"));
    expect(mapAll(stream("users"), records)).toMatchObject([
      { nativeId: "1", key: null },
      { nativeId: "5", key: "E001", data: { name: "Ada Lovelace", role_name: "Senior Consultant" } },
      { nativeId: "6", key: "E002", data: { is_active: false } },
    ]);
    expect(JSON.stringify(records)).not.toContain("example.test");
    let once = true;
    fake.before = ({ query }) => {
      if (query.get("status") === "2" && once) {
        fake.put("users", { id: 6, status: 1 });
        once = false;
      }
    };
    expect((await readAll(stream("users"))).ids.sort()).toEqual(["1", "5", "6"]);
  });
});

describe("the change time of what Redmine lists", () => {
  it("is Redmine's own where it moved, and the time of the reading where it did not", async () => {
    const { stream, fake, clock } = await open();
    const first = await readAll(stream("projects"));
    expect(first.changedAt.get("12")).toBe("2026-10-01T09:00:00.000Z");
    clock.advance(60_000);
    // Closing moves no time in Redmine.
    fake.put("projects", { id: 12, status: 5 }, { silent: true });
    fake.put("projects", { id: 14, name: "Internal work" });
    clock.advance(30_000);
    const second = await readAll(stream("projects"), first.bookmark);
    expect(second.changedAt.get("12")).toBe("2026-11-20T15:01:30.000Z");
    expect(second.changedAt.get("14")).toBe("2026-11-20T15:01:00.000Z");
    clock.advance(60_000);
    fake.put("projects", { id: 12, status: 1 }, { silent: true });
    const third = await readAll(stream("projects"), second.bookmark);
    expect(third.changedAt.get("12")).toBe("2026-11-20T15:02:30.000Z");
  });

  it("never goes back, though the server's clock is behind ours", async () => {
    const { stream, fake, clock } = await open();
    const first = await readAll(stream("projects"));
    const second = await readAll(stream("projects"), first.bookmark);
    fake.put("projects", { id: 14, name: "Internal work" }, { at: clock.now() - 600_000 });
    clock.advance(60_000);
    const third = await readAll(stream("projects"), second.bookmark);
    expect(msOf(third.changedAt.get("14") ?? "")).toBeGreaterThan(msOf(second.changedAt.get("14") ?? ""));
  });

  it("is complete by the server's clock where its answers carry it", async () => {
    const { stream, fake, clock } = await open();
    fake.sendsDate = true;
    await readAll(stream("projects"));
    const { last } = await readAll(stream("projects"));
    expect(last?.completeUntil).toBe(new Date(Math.floor(clock.now() / 1000) * 1000 - 60_000).toISOString());
  });
});

describe("Redmine's issues", () => {
  it("are read open and closed, of one tracker, without offsets", async () => {
    const { stream, fake } = await open({ pageSize: 2 });
    const { records, last } = await readAll(stream("tasks"));
    expect(mapAll(stream("tasks"), records)).toMatchObject([
      { key: "21", data: { name: "Discovery", project_ref: "11", is_open: true } },
      { key: "22", data: { name: "Build", project_ref: "12", is_open: false, status: "Closed" } },
    ]);
    expect(last?.everything).toBe(true);
    expect(fake.requests.some((r) => r.includes("tracker_id=4"))).toBe(true);
  });

  it("are all found when a mass update gave more of them one second than a page holds", async () => {
    const { stream, firm } = await open({ pageSize: 3 });
    const at = msOf("2026-11-10T10:00:00.000Z");
    // Within the second, at its end, and after it.
    for (let n = 0; n < 11; n++) firm.issue(100 + n, 4, 11, {}, at + 40 * n);
    for (let n = 0; n < 4; n++) firm.issue(120 + n, 4, 11, {}, at + 999);
    for (let n = 0; n < 4; n++) firm.issue(130 + n, 4, 11, {}, at + 1000 + n);
    const { ids } = await readAll(stream("tasks"));
    expect(numbers(ids)).toEqual([21, 22, ...range(100, 110), ...range(120, 123), ...range(130, 133)]);
  });

  it("that change while they are read are read in the end as they became", async () => {
    const { stream, firm, fake, clock } = await open({ pageSize: 3 });
    for (let n = 0; n < 12; n++) firm.issue(100 + n, 4, 11, {}, msOf("2026-11-10T10:00:00.000Z") + n * 5000);
    let asked = 0;
    fake.before = ({ path }) => {
      if (path !== "/issues.json" || ++asked > 4) return;
      clock.advance(2000);
      fake.put("issues", { id: 99 + asked, subject: "renamed" });
      fake.remove("issues", 112 - asked);
    };
    const { records } = await readAll(stream("tasks"));
    const names = new Map(
      mapAll(stream("tasks"), records).map((r) => [r.nativeId, (r.data as { name: string }).name]),
    );
    for (const id of range(100, 103)) expect(names.get(String(id))).toBe("renamed");
    for (const id of range(104, 107)) expect(names.has(String(id)), String(id)).toBe(true);
  });

  it("are read on from the bookmark, with the last minute before it once more", async () => {
    const { stream, firm, clock, fake } = await open();
    firm.issue(100, 4, 11, {}, msOf("2026-11-20T14:00:00.000Z"));
    firm.issue(101, 4, 11, {}, msOf("2026-11-20T14:00:40.000Z"));
    const first = await readAll(stream("tasks"));
    clock.advance(60_000);
    fake.put("issues", { id: 21, subject: "Discovery, again" });
    // Committed late: stamped before the newest that was read.
    firm.issue(102, 4, 11, {}, msOf("2026-11-20T14:00:10.000Z"));
    const second = await readAll(stream("tasks"), first.bookmark);
    expect(numbers(second.ids)).toEqual([21, 100, 101, 102]);
    expect(second.changedAt.get("100")).toBe(first.changedAt.get("100"));
    expect(second.last?.everything).toBeUndefined();
    expect(numbers((await readAll(stream("tasks"), second.bookmark, true)).ids)).toEqual([
      21, 22, 100, 101, 102,
    ]);
  });

  it("with a time in the future do not stop later changes from being read", async () => {
    const { stream, firm, clock, fake } = await open();
    firm.issue(100, 4, 11, {}, msOf("2026-12-24T00:00:00.000Z"));
    const first = await readAll(stream("tasks"));
    clock.advance(300_000);
    fake.put("issues", { id: 21, subject: "Discovery, again" });
    expect((await readAll(stream("tasks"), first.bookmark)).ids).toContain("21");
  });

  it("that are allocations are all read again when an employee number changes, which moves none of their times", async () => {
    const { stream, clock, fake, firm } = await open();
    const allocations = stream("allocations");
    const first = await readAll(allocations);
    expect(mapAll(allocations, first.records).map((r) => r.key)).toEqual(["nw-rollout|E001", "21|E002"]);
    clock.advance(60_000);
    firm.user(6, "grace", "Grace Hopper", "E902");
    const second = await readAll(allocations, first.bookmark);
    expect(mapAll(allocations, second.records).map((r) => r.key)).toEqual(["nw-rollout|E001", "21|E902"]);
    expect(second.changedAt.get("32")).toBe("2026-11-20T15:01:00.000Z");
    expect(second.last?.everything).toBe(true);
    clock.advance(60_000);
    fake.put("issues", { id: 31, due_date: "2027-01-31" });
    const third = await readAll(allocations, second.bookmark);
    expect(third.changedAt.get("31")).toBe("2026-11-20T15:02:00.000Z");
  });

  it("that are rate lines belong to the client of the nearest project above that names one", async () => {
    const { stream, clock, fake, firm } = await open();
    const rates = stream("rate_lines");
    firm.rate(43, "Partner", "300", { project: { id: 12, name: "phase B" } });
    const first = await readAll(rates);
    const lines = mapAll(rates, first.records).filter((r) => r.entity === "rate_line");
    expect(lines).toMatchObject([
      { nativeId: "41", keys: { customer_key: "C-1001" }, data: { customer_ref: "10", rate: "165" } },
      { nativeId: "42", data: { role_name: "Consultant", rate: "140.5", effective_from: "2026-10-01" } },
      { nativeId: "43", keys: { customer_key: "C-1001" }, data: { card_ref: "43", project_ref: "" } },
    ]);
    clock.advance(60_000);
    fake.put("projects", { id: 12, custom_fields: firm.custom([1, "Client ref", "C-1002"]) });
    const second = await readAll(rates, first.bookmark);
    expect(mapAll(rates, second.records).filter((r) => r.nativeId === "43")).toMatchObject([
      { keys: { customer_key: "C-1002" }, data: { customer_ref: "13" } },
      { keys: { customer_key: "C-1002" } },
    ]);
  });
});

describe("Redmine's journals", () => {
  const journal = (id: number, at: string, ...details: object[]) => ({
    id,
    user: { id: 5, name: "Ada Lovelace" },
    notes: "never kept",
    created_on: at,
    details,
  });

  it("are told in canonical words, with names for the ids they hold", async () => {
    const { stream, fake } = await open({ integrationUsers: ["ada"] });
    fake.journals.set(31, [
      journal(
        3,
        "2026-11-21T00:00:31Z",
        { property: "attr", name: "due_date", old_value: "2026-12-18", new_value: "2027-01-31" },
        { property: "attr", name: "assigned_to_id", old_value: "5", new_value: "6" },
        { property: "attr", name: "status_id", old_value: "1", new_value: "5" },
        { property: "attr", name: "priority_id", old_value: "2", new_value: "3" },
        { property: "cf", name: "6", old_value: "50", new_value: "80" },
        { property: "cf", name: "7", old_value: "165", new_value: null },
      ),
      journal(4, "2026-11-21T00:00:32Z"),
    ]);
    fake.journals.set(41, [
      journal(5, "2026-11-21T00:00:33Z", {
        property: "cf",
        name: "7",
        old_value: "160.00",
        new_value: "165.00",
      }),
    ]);
    const { records } = await readAll(stream("journals"));
    expect(JSON.stringify(records)).not.toContain("never kept");
    const changes = changesOf(stream("journals"), records);
    expect(changes.map((c) => [c.entity, c.nativeId, c.field, c.oldValue, c.newValue])).toEqual([
      ["assignment", "31", "end_on", "2026-12-18", "2027-01-31"],
      ["assignment", "31", "resource_ref", "5", "6"],
      ["assignment", "31", "status", "New", "Closed"],
      ["assignment", "31", "raw:priority_id", "2", "3"],
      ["assignment", "31", "allocation_pct", "50", "80"],
      ["assignment", "31", "bill_rate", "165", ""],
      ["rate_line", "41", "rate", "160.00", "165.00"],
    ]);
    expect(new Set(changes.map((c) => c.changeId)).size).toBe(7);
    expect(changes[0]).toMatchObject({ actor: "Ada Lovelace", actorKind: "integration" });
  });

  it("are asked for once for each change of an issue, and again while more may come in its second", async () => {
    const { stream, fake, clock } = await open({ pageSize: 3 });
    const asked = () => fake.requests.filter((r) => r.includes("include=journals")).length;
    const first = await readAll(stream("journals"));
    expect(asked()).toBe(6);
    fake.requests.length = 0;
    clock.advance(60_000);
    fake.put("issues", { id: 22, subject: "Build it" });
    const second = await readAll(stream("journals"), first.bookmark);
    expect(asked()).toBe(1);
    // A second change under the same whole second, after the first was looked at.
    fake.journals.set(22, [
      journal(9, "2026-11-20T15:01:00Z", {
        property: "attr",
        name: "subject",
        old_value: "a",
        new_value: "b",
      }),
    ]);
    clock.advance(90_000);
    const third = await readAll(stream("journals"), second.bookmark);
    expect(third.ids).toEqual(["9"]);
    fake.requests.length = 0;
    expect((await readAll(stream("journals"), third.bookmark)).ids).toEqual([]);
    expect(asked()).toBe(0);
  });

  it("of issues last touched before historyFrom are left alone", async () => {
    const { stream, fake } = await open({ historyFrom: "2026-11-01" });
    fake.journals.set(21, [journal(1, "2026-10-01T09:00:00Z", { property: "attr", name: "subject" })]);
    expect((await readAll(stream("journals"))).ids).toEqual([]);
    fake.put("issues", { id: 21, subject: "x" });
    expect((await readAll(stream("journals"))).ids).toEqual(["1"]);
  });
});
