/** Exceptions over many runs: when they open, when they do not, and that only a conclusive run resolves them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { instantOf } from "#core/time";
import { latestRuns } from "#sql/queries/runs";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";
import { HOUR, type Months, months } from "./months.ts";
import { freshUntil, insertRows, put, timeLine, touch } from "./seed.ts";

let store: TestStore;
let clock: Months["clock"];
let now: Months["now"];
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
  ({ clock, now, run, statuses, idOf, detail, events } = months(store));
});

const project = {
  is_active: 1,
  is_billable: 1,
  code: "A",
  start_on: "2026-01-05",
  end_on: "2026-12-31",
  currency: "USD",
};

describe("an exception", () => {
  it("of severity 1 opens at the first failure", async () => {
    await put(store, "psa", "project", [{ key: "P", ...project }]);
    await run({ rules: ["PRJ-01"] });
    expect(await statuses()).toEqual({ P: "open" });
  });

  it("of any other severity is suspected first and opens at the second failure in a row", async () => {
    await put(store, "psa", "project", [{ key: "P", ...project }]);
    await put(store, "erp", "project", [{ key: "P", ...project, code: "B" }]);
    await run({ rules: ["PRJ-03"] });
    expect(await statuses()).toEqual({ P: "suspected" });
    await run({ rules: ["PRJ-03"] });
    expect(await statuses()).toEqual({ P: "open" });
    expect(await events("PRJ-03")).toEqual(["suspected", "opened"]);
  });

  it("that failed once and then passed never opened", async () => {
    await put(store, "psa", "project", [{ key: "P", ...project }]);
    await put(store, "erp", "project", [{ key: "P", ...project, code: "B" }]);
    await run({ rules: ["PRJ-03"] });
    await put(store, "erp", "project", [{ key: "P", ...project, changed_at: now() }]);
    await run({ rules: ["PRJ-03"] });
    expect(await statuses()).toEqual({ P: "cleared" });
    await put(store, "erp", "project", [{ key: "P", ...project, code: "B", changed_at: now() }]);
    clock.advance(5 * HOUR);
    await run({ rules: ["PRJ-03"] });
    expect(await statuses()).toEqual({ P: "suspected" });
  });

  it("resolves when it passes, reopens when it fails again, and keeps its id", async () => {
    await put(store, "psa", "time_entry", [{ ...timeLine("t", { project: "P", person: "E" }) }]);
    await run({ rules: ["TIM-03", "TIM-01"] });
    const id = await idOf("TIM-01");
    expect(await statuses()).toEqual({ t: "open" });
    await put(store, "erp", "time_entry", [
      timeLine("t", { project: "P", person: "E" }, { changed_at: now() }),
    ]);
    await run({ rules: ["TIM-01"] });
    expect(await statuses()).toEqual({ t: "resolved" });
    await put(store, "erp", "time_entry", [
      timeLine("t", { project: "P", person: "E" }, { changed_at: now(), is_deleted: 1 }),
    ]);
    clock.advance(5 * HOUR);
    await run({ rules: ["TIM-01"] });
    expect(await statuses()).toEqual({ t: "open" });
    expect(await idOf("TIM-01")).toBe(id);
    expect(await events("TIM-01")).toEqual(["opened", "resolved", "reopened"]);
    expect(await detail("TIM-01")).toMatchObject({ times_reopened: 1 });
  });

  it("that is edited and still wrong neither resolves nor opens anew while it settles", async () => {
    await put(store, "psa", "time_entry", [timeLine("t", { project: "P", person: "E" })]);
    await put(store, "erp", "time_entry", [timeLine("t", { project: "P", person: "E" }, { hours: "6" })]);
    await run({ rules: ["TIM-03"] });
    await put(store, "erp", "time_entry", [
      timeLine("t", { project: "P", person: "E" }, { hours: "7", changed_at: now() }),
    ]);
    const { time } = await run({ rules: ["TIM-03"] });
    expect(time?.counts.pending).toBe(1);
    expect(await statuses()).toEqual({ t: "open" });
    clock.advance(4 * HOUR);
    await run({ rules: ["TIM-03"] });
    expect(await events("TIM-03")).toEqual(["opened", "changed"]);
  });

  it("that stays as it is makes one event a day, not one a run", async () => {
    await put(store, "psa", "project", [{ key: "P", ...project }]);
    for (let n = 0; n < 3; n++) await run({ rules: ["PRJ-01"] });
    expect(await events("PRJ-01")).toEqual(["opened"]);
    clock.advance(24 * HOUR);
    await run({ rules: ["PRJ-01"] });
    expect(await events("PRJ-01")).toEqual(["opened", "seen"]);
  });
});

describe("an outage", () => {
  it("opens nothing and resolves nothing, and says which stream is late until it is read again", async () => {
    await put(store, "psa", "project", [{ key: "P", ...project }]);
    await run({ rules: ["PRJ-01"] });
    await put(store, "erp", "project", [{ key: "P", ...project, changed_at: now() }]);
    await put(store, "psa", "project", [{ key: "Q", ...project }]);
    const { projects } = await run({ rules: ["PRJ-01"], outage: true });
    expect(projects).toMatchObject({ status: "inconclusive", why: "stale_source", keys: 0 });
    expect(projects?.detail).toContain("was last read completely");
    expect(await statuses("PRJ-01")).toEqual({ P: "open" });
    expect(await statuses("SYS-01")).toEqual({
      "crm|everything": "open",
      "psa|everything": "open",
      "erp|everything": "open",
    });
    await run({ rules: ["PRJ-01"] });
    expect(await statuses("PRJ-01")).toEqual({ P: "resolved", Q: "open" });
    expect(new Set(Object.values(await statuses("SYS-01")))).toEqual(new Set(["resolved"]));
  });

  it("of a system never read is said as such", async () => {
    await freshUntil(store, instantOf(clock.now() + HOUR), ["psa"]);
    const { projects } = await run({ rules: ["PRJ-01"], outage: true });
    expect(projects?.status).toBe("inconclusive");
    expect((await detail("SYS-01"))?.evidence).toContain("has never been read completely");
  });

  it("that empties or shrinks a side is no news about the other", async () => {
    const lines = Array.from({ length: 40 }, (_, n) => timeLine(`t${n}`, { project: "P", person: "E" }));
    await put(store, "psa", "time_entry", lines);
    await put(store, "erp", "time_entry", lines);
    await run({ rules: ["TIM-03"] });
    await put(
      store,
      "erp",
      "time_entry",
      lines.slice(0, 25).map((l) => ({ ...l, is_deleted: 1, changed_at: now() })),
    );
    clock.advance(8 * HOUR);
    const { time } = await run({ rules: ["TIM-03"] });
    expect(time).toMatchObject({ status: "inconclusive", why: "shrunk_side" });
    expect(time?.detail).toBe("The ERP (time line) side went from 40 rows to 15.");
    expect(await statuses()).toEqual({ "erp|time_entry": "open" });
    await touch(
      store,
      "time_entry",
      lines.map((l) => String(l.key)),
      now(),
    );
    const incremental = await run({ rules: ["TIM-03"], mode: "incremental" });
    expect(incremental.time).toMatchObject({
      mode: "incremental",
      status: "inconclusive",
      why: "shrunk_side",
    });
    const accepted = await run({ rules: ["TIM-03"], acceptShrunk: ["time"] });
    expect(accepted.time).toMatchObject({ status: "exceptions" });
    expect(accepted.time?.counts.missing_right).toBe(25);
  });

  it("of part of a day, found by a probe, holds back what depends on it", async () => {
    await put(store, "psa", "project", [{ key: "P", ...project }]);
    await insertRows(store, "probe", [
      {
        source_id: "erp",
        stream: "everything",
        day: "2026-06-14",
        at: "2026-06-15 00:10:00",
        source_count: 12,
        store_count: 11,
      },
    ]);
    const { projects } = await run({ rules: ["PRJ-01"] });
    expect(projects).toMatchObject({
      status: "inconclusive",
      why: "incomplete_source",
      detail: "erp counts 12 records of everything for 2026-06-14, the store holds 11.",
    });
    expect(await statuses()).toEqual({ "erp|everything|2026-06-14": "open" });
    await insertRows(store, "probe", [
      {
        source_id: "erp",
        stream: "everything",
        day: "2026-06-14",
        at: "2026-06-15 14:10:00",
        source_count: 12,
        store_count: 12,
      },
    ]);
    await run({ rules: ["PRJ-01"] });
    expect(await statuses()).toEqual({ "erp|everything|2026-06-14": "resolved", P: "open" });
  });

  it("leaves a run record that says so", async () => {
    await run({ rules: ["PRJ-01"], outage: true });
    const rows = await store.query(latestRuns, {});
    expect(rows.map((r) => [r.comparison, r.status, r.why])).toEqual([
      ["clients", "inconclusive", "stale_source"],
      ["projects", "inconclusive", "stale_source"],
    ]);
  });
});

describe("an incremental run", () => {
  const who = { project: "P", person: "E" };
  const lines = Array.from({ length: 12 }, (_, n) => timeLine(`t${n}`, who));
  const twin = async () => {
    await put(store, "psa", "time_entry", lines);
    await put(store, "erp", "time_entry", lines);
    await run({ rules: ["TIM-01"] });
  };

  it("looks at what was touched and what was open, and comes to the same end", async () => {
    await twin();
    await put(
      store,
      "erp",
      "time_entry",
      [timeLine("t1", who, { hours: "5" })].map((l) => ({ ...l, version: 9e12 })),
    );
    await touch(store, "time_entry", ["t1"], now());
    const first = await run({ rules: ["TIM-01"], mode: "incremental" });
    expect(first.time).toMatchObject({ mode: "incremental", keys: 1, status: "exceptions" });
    expect(await statuses()).toEqual({ t1: "open" });
    await put(
      store,
      "erp",
      "time_entry",
      [timeLine("t1", who)].map((l) => ({ ...l, version: 9.1e12 })),
    );
    await touch(store, "time_entry", ["t1"], now());
    await run({ rules: ["TIM-01"], mode: "incremental" });
    expect(await statuses()).toEqual({ t1: "resolved" });
    const proof = await run({ rules: ["TIM-01"] });
    expect(proof.time).toMatchObject({ mode: "full", missedByIncremental: 0, status: "clean", keys: 12 });
  });

  it("takes up what was waiting once it has settled, although nothing touches it again", async () => {
    await twin();
    clock.advance(HOUR);
    await put(store, "psa", "time_entry", [timeLine("late", who, { changed_at: now() })]);
    await touch(store, "time_entry", ["late"], now());
    await run({ rules: ["TIM-01"], mode: "incremental" });
    expect(await statuses()).toEqual({});
    for (let n = 0; n < 4; n++) await run({ rules: ["TIM-01"], mode: "incremental" });
    expect(await statuses()).toEqual({ late: "open" });
  });

  it("opens what a parent explained once the parent is there", async () => {
    await put(store, "psa", "project", [{ key: "P", ...project }]);
    await twin();
    await put(store, "psa", "time_entry", [timeLine("orphan", who)]);
    await touch(store, "time_entry", ["orphan"], now());
    await run({ rules: ["TIM-01"], mode: "incremental" });
    expect(await statuses()).toEqual({ P: "open", orphan: "absorbed" });
    await put(store, "erp", "project", [{ key: "P", ...project, changed_at: now() }]);
    await touch(store, "project", ["P"], now());
    await run({ rules: ["TIM-01"], mode: "incremental" });
    expect(await statuses()).toEqual({ P: "resolved", orphan: "open" });
  });

  it("is checked by the next full run, which counts what it missed", async () => {
    await twin();
    await run({ rules: ["TIM-01"], mode: "incremental" });
    await put(store, "psa", "time_entry", [timeLine("unseen", who)]);
    await run({ rules: ["TIM-01"], mode: "incremental" });
    expect(await statuses()).toEqual({});
    const proof = await run({ rules: ["TIM-01"] });
    expect(proof.time).toMatchObject({ missedByIncremental: 1 });
    expect(await statuses()).toEqual({ unseen: "open", "missed|time": "open" });
  });

  it("keeps the list of what has no partner whole", async () => {
    await put(store, "erp", "time_entry", [timeLine("unlinked:1", who), timeLine("unlinked:2", who)]);
    await twin();
    await run({ rules: ["TIM-01"] });
    await put(store, "erp", "time_entry", [timeLine("unlinked:3", who)]);
    await touch(store, "time_entry", ["unlinked:3"], now());
    await run({ rules: ["TIM-01"], mode: "incremental" });
    expect((await detail("SYS-03"))?.evidence).toContain('"keys":["unlinked:1","unlinked:2","unlinked:3"]');
    await put(
      store,
      "erp",
      "time_entry",
      ["unlinked:1", "unlinked:2", "unlinked:3"].map((k) =>
        timeLine(k, who, { is_deleted: 1, changed_at: now() }),
      ),
    );
    await touch(store, "time_entry", ["unlinked:1", "unlinked:2", "unlinked:3"], now());
    await run({ rules: ["TIM-01"], mode: "incremental" });
    expect(await statuses()).toEqual({ "time|right|unlinked": "resolved" });
  });
});

describe("random months", () => {
  it("end as a plain model says, and no outage ever opens or resolves anything", async () => {
    let state = 20_260_615;
    const random = (n: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 4_294_967_296) * n);
    };
    const keys = Array.from({ length: 14 }, (_, n) => `t${n}`);
    const who = { project: "P", person: "E" };
    const changed = new Map(keys.map((k) => [k, clock.now() - 1000 * HOUR]));
    const broken = new Set<string>();
    const model = new Map<string, string>();
    const met = { opened: 0, resolved: 0, reopened: 0, inconclusive: 0, pending: 0, incremental: 0 };
    await put(
      store,
      "psa",
      "time_entry",
      keys.map((k) => timeLine(k, who)),
    );
    await put(
      store,
      "erp",
      "time_entry",
      keys.map((k) => timeLine(k, who)),
    );
    for (let step = 0; step < 26; step++) {
      const edited = keys.filter(() => random(5) === 0);
      for (const key of edited) {
        if (broken.has(key)) broken.delete(key);
        else broken.add(key);
        changed.set(key, clock.now());
      }
      if (edited.length > 0) {
        await touch(store, "time_entry", edited, now());
        await put(
          store,
          "erp",
          "time_entry",
          edited.map((key) =>
            timeLine(key, who, { hours: broken.has(key) ? String(1 + random(6)) : "8", changed_at: now() }),
          ),
        );
      }
      clock.advance(random(4) * HOUR);
      const outage = random(4) === 0;
      const mode = random(2) === 0 ? "full" : "incremental";
      const { time } = await run({ rules: ["TIM-03"], outage, mode });
      if (time?.mode === "incremental" && !outage) met.incremental += 1;
      expect(time?.status === "inconclusive", time?.detail).toBe(outage);
      if (outage) met.inconclusive += 1;
      else
        for (const key of keys) {
          const before = model.get(key);
          const settled = clock.now() - (changed.get(key) ?? 0) >= 4 * HOUR;
          if (broken.has(key) && settled && before !== "open") {
            met[before === "resolved" ? "reopened" : "opened"] += 1;
            model.set(key, "open");
          } else if (broken.has(key) && !settled) met.pending += 1;
          else if (!broken.has(key) && before === "open") {
            met.resolved += 1;
            model.set(key, "resolved");
          }
        }
      expect(await statuses("TIM-03"), `step ${step}`).toEqual(Object.fromEntries(model));
    }
    for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(1);
  }, 180_000);
});
