import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TransientError } from "#core/errors";
import { manualClock } from "#core/time";
import { ingestAll } from "#ingest/run";
import { syncStream } from "#ingest/sync";
import { streamHealth } from "#sql/queries/sync-health";
import { type FakeVendor, fakeSource, startFakeVendor } from "../support/fake-vendor.ts";
import { count, crashingStore, ingestState, rows } from "../support/ingest-state.ts";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";

const clock = manualClock("2026-11-20T12:00:00.000Z");
let store: TestStore;
let vendor: FakeVendor;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  clock.set("2026-11-20T12:00:00.000Z");
  await truncateAll(store);
  vendor = await startFakeVendor(clock);
});
afterEach(() => vendor.close());

const at = (time: string) => `2026-11-20T${time}.000Z`;

function fill() {
  vendor.put("projects", { id: "p1", stamp: at("08:00:00"), agreed: "PRJ-1", code: "ALPHA", active: true });
  vendor.put("projects", { id: "p2", stamp: at("08:01:00"), agreed: "PRJ-2", code: "BETA", active: true });
  vendor.put("projects", { id: "p3", stamp: at("08:02:00"), code: "GAMMA" });
  vendor.put("cards", {
    id: "c1",
    stamp: at("08:00:00"),
    name: "Standard",
    lines: [
      ["Consultant", "150.00"],
      ["Manager", "210.50"],
    ],
  });
  for (let n = 1; n <= 5; n++)
    vendor.put("time", {
      id: `t${n}`,
      agreed: `T-${n}`,
      stamp: at(`09:0${n}:00`),
      project: `p${(n % 3) + 1}`,
      day: "2026-11-19",
      hours: "7.5",
      status: "Approved",
    });
  vendor.put("time", { id: "bad", stamp: at("09:10:00"), day: "2026-11-19", hours: -3 });
}

/** What changes in the business afterwards: a record is linked, another moves, lines go, days are corrected and deleted. */
function change() {
  clock.set("2026-11-20T13:00:00.000Z");
  vendor.put("projects", { id: "p3", stamp: at("12:30:00"), agreed: "PRJ-3", code: "GAMMA", active: true });
  vendor.put("projects", { id: "p2", stamp: at("12:31:00"), agreed: "PRJ-2b", code: "BETA", active: true });
  vendor.put("cards", { id: "c1", stamp: at("12:30:00"), name: "Standard", lines: [["Manager", "220.00"]] });
  vendor.put("time", { id: "t1", stamp: at("12:30:00"), gone: true });
  vendor.put("time", { id: "bad", agreed: "T-6", stamp: at("12:31:00"), day: "2026-11-19", hours: "3" });
  vendor.put("time", { id: "t7", stamp: at("12:32:00"), day: "2026-11-19", hours: "8", rate: "a lot" });
}

/** Under an id of its own, so that many can be compared in one store. */
const ingestAs = (id: string, stream?: string, into: Parameters<typeof ingestAll>[0] = store) =>
  ingestAll(into, [fakeSource(vendor, clock, { id })], {
    clock,
    ...(stream === undefined ? {} : { stream }),
  });
const ingest = (into = store as Parameters<typeof ingestAll>[0], mode: "auto" | "full" = "auto") =>
  ingestAll(into, [fakeSource(vendor, clock)], { clock, mode });

describe("reading a source", () => {
  it("stores every record as it came, its canonical rows, and what could not be understood with the reason", async () => {
    fill();
    const report = await ingest();
    expect(report.ok).toBe(true);
    const time = await rows(store, "SELECT key, hours, project_key FROM time_entry FINAL ORDER BY key");
    expect(time).toEqual([
      { key: "T-1", hours: "7.5", project_key: "PRJ-2" },
      { key: "T-2", hours: "7.5", project_key: "unlinked:p3" },
      { key: "T-3", hours: "7.5", project_key: "PRJ-1" },
      { key: "T-4", hours: "7.5", project_key: "PRJ-2" },
      { key: "T-5", hours: "7.5", project_key: "unlinked:p3" },
    ]);
    const rejects = await rows(store, "SELECT native_id, reason, detail FROM reject FINAL WHERE is_open = 1");
    expect(rejects).toEqual([
      { native_id: "bad", reason: "out-of-range", detail: "hours holds -3 hours; a day has 0 to 24." },
    ]);
    const last = report.streams.find((s) => s.stream === "time");
    expect(last).toMatchObject({ ok: true, report: { read: 6, mapped: 5, rejected: 1, unchanged: 0 } });
    expect(await count(store, "SELECT * FROM raw_record WHERE stream = 'time'")).toBe(6);
  });

  it("grows by nothing when an overlap or a full read brings the same records again", async () => {
    fill();
    await ingest();
    const tables = ["raw_record", "touched_key", "time_entry", "project", "rate_line", "native_key"];
    const sizes = () => Promise.all(tables.map((t) => count(store, `SELECT 1 FROM ${t}`)));
    const before = await sizes();
    clock.advance(60_000);
    const again = await ingest();
    clock.advance(60_000);
    const full = await ingest(store, "full");
    expect(await sizes()).toEqual(before);
    for (const report of [again, full]) {
      const time = report.streams.find((s) => s.stream === "time");
      expect(time?.ok && time.report.unchanged).toBeGreaterThan(0);
      expect(time?.ok && time.report.mapped).toBe(0);
    }
  });

  it("follows links, moves, dropped lines, deletions and corrections made after the first read", async () => {
    fill();
    await ingest();
    change();
    await ingest();
    const state = await ingestState(store);
    expect(state.project).toMatchObject([{ key: "PRJ-1" }, { key: "PRJ-2b" }, { key: "PRJ-3" }]);
    expect(state.rate_line).toMatchObject([{ role_name: "Manager", rate: "220", card_key: "unlinked:c1" }]);
    expect(state.time_entry).toMatchObject([
      { key: "T-2", project_key: "PRJ-3" },
      { key: "T-3", project_key: "PRJ-1" },
      { key: "T-4", project_key: "PRJ-2b" },
      { key: "T-5", project_key: "PRJ-3" },
      { key: "T-6", hours: "3" },
    ]);
    expect(state.rejects).toMatchObject([{ native_id: "t7", reason: "bad-number" }]);
  });

  it("gives the same state after a crash between any two writes of a first read", {
    timeout: 240_000,
  }, async () => {
    fill();
    const whole = crashingStore(store, 0);
    await ingestAs("whole", "time", whole);
    const expected = await ingestState(store, "whole");
    expect(expected.time_entry).toHaveLength(5);
    expect(whole.writes()).toBeGreaterThan(7);
    for (let n = 1; n <= whole.writes(); n++) {
      const crashed = await ingestAs(`crash-${n}`, "time", crashingStore(store, n));
      expect(crashed.ok, `write ${n} crashed`).toBe(false);
      expect((await ingestAs(`crash-${n}`, "time")).ok, `resumed after write ${n}`).toBe(true);
      expect(await ingestState(store, `crash-${n}`), `state after crash at write ${n}`).toEqual(expected);
    }
  });

  it.each(["projects", "cards"])(
    "gives the same state after a crash between any two writes of a later read of %s",
    { timeout: 240_000 },
    async (stream) => {
      fill();
      const most = 16;
      for (const id of ["whole", ...Array.from({ length: most }, (_, n) => `crash-${n + 1}`)])
        await ingestAs(id, stream === "projects" ? undefined : stream);
      change();
      const whole = crashingStore(store, 0);
      await ingestAs("whole", stream, whole);
      expect(whole.writes()).toBeLessThanOrEqual(most);
      const expected = await ingestState(store, "whole");
      for (let n = 1; n <= whole.writes(); n++) {
        await ingestAs(`crash-${n}`, stream, crashingStore(store, n));
        expect((await ingestAs(`crash-${n}`, stream)).ok).toBe(true);
        expect(await ingestState(store, `crash-${n}`), `state after crash at write ${n}`).toEqual(expected);
      }
    },
  );

  it("touches the old and the new key before a canonical row moves", async () => {
    fill();
    await ingest();
    await store.command("TRUNCATE TABLE touched_key");
    change();
    const written: string[] = [];
    await ingest({
      ...store,
      async insert(table, all) {
        await store.insert(table, all);
        if (all.length > 0) written.push(table.name);
      },
    });
    expect(written.indexOf("touched_key")).toBeGreaterThanOrEqual(0);
    expect(written.indexOf("touched_key")).toBeLessThan(written.indexOf("project"));
    const touched = await rows(
      store,
      "SELECT DISTINCT entity, key FROM touched_key WHERE entity IN ('project', 'time_entry') ORDER BY entity, key",
    );
    expect(touched.filter((t) => t.entity === "project").map((t) => t.key)).toEqual([
      "PRJ-2",
      "PRJ-2b",
      "PRJ-3",
      "unlinked:p3",
    ]);
    // T-2, T-4 and T-5 only because their projects' keys changed.
    expect(touched.filter((t) => t.entity === "time_entry").map((t) => t.key)).toEqual([
      "T-1",
      "T-2",
      "T-4",
      "T-5",
      "T-6",
    ]);
  });

  it("asks again when a page breaks off, and counts it", async () => {
    fill();
    vendor.answer((req, res) => {
      if (!req.url?.startsWith("/records/time")) return false;
      res.setHeader("content-type", "application/json");
      res.end('{"items": [{"id": "t1"');
      return true;
    });
    const report = await ingest();
    expect(report.ok).toBe(true);
    expect(await count(store, "SELECT 1 FROM time_entry FINAL")).toBe(5);
    const [event] = await rows(
      store,
      "SELECT toUInt32(retries) AS retries, toUInt32(requests) AS requests FROM sync_event WHERE stream = 'time' AND state = 'finished'",
    );
    expect(event).toEqual({ retries: 1, requests: 5 });
  });

  it("keeps a record that has no id, once, with what is wrong about it", async () => {
    vendor.put("time", { stamp: at("09:00:00"), day: "2026-11-19", hours: "4" });
    await ingest();
    clock.advance(60_000);
    await ingest(store, "full");
    const [reject, ...others] = await rows(
      store,
      "SELECT reason, detail, payload FROM reject FINAL WHERE is_open = 1",
    );
    expect(reject).toMatchObject({ reason: "missing-key", detail: "The record has no id." });
    expect(reject?.payload).toContain('"hours":"4"');
    expect(others).toEqual([]);
    expect(await count(store, "SELECT 1 FROM raw_record")).toBe(1);
    expect(await count(store, "SELECT 1 FROM time_entry")).toBe(0);
  });

  it("records a failure in a person's words, leaves the bookmark where it is and the other streams alone", async () => {
    fill();
    await ingest();
    change();
    for (let n = 0; n < 3; n++)
      vendor.answer((req, res) => {
        if (!req.url?.startsWith("/records/cards")) return false;
        res.statusCode = 503;
        res.end("maintenance");
        return true;
      });
    const report = await ingest();
    expect(report.streams.map((s) => [s.stream, s.ok])).toEqual([
      ["projects", true],
      ["cards", false],
      ["time", true],
    ]);
    const [event] = await rows(
      store,
      "SELECT state, error, toString(complete_until) AS until FROM sync_event WHERE stream = 'cards' ORDER BY at DESC, state DESC LIMIT 1",
    );
    expect(event).toMatchObject({ state: "failed", until: "1970-01-01 00:00:00.000" });
    expect(event?.error).toContain("Books answered with an error of its own (503)");
    const bookmarks = await rows(store, "SELECT value FROM bookmark FINAL WHERE stream = 'cards'");
    expect(bookmarks).toEqual([{ value: "2026-11-20T08:00:00.000Z c1" }]);
  });

  it("goes on from the last bookmark when a first read is cut short", async () => {
    fill();
    const source = fakeSource(vendor, clock);
    const [, , time] = source.source.streams;
    if (!time) throw new Error("no time stream");
    const cutShort = {
      ...time,
      async *read(...args: Parameters<typeof time.read>) {
        let pages = 0;
        for await (const page of time.read(...args)) {
          if (++pages === 3) throw new TransientError("test.cut", "cut");
          yield page;
          // A slow source: what came so far is stored.
          clock.advance(30_000);
        }
      },
    };
    await expect(syncStream({ store, source, stream: cutShort, mode: "incremental", clock })).rejects.toThrow(
      "cut",
    );
    expect(await count(store, "SELECT 1 FROM time_entry FINAL")).toBe(4);
    const report = await syncStream({ store, source, stream: time, mode: "incremental", clock });
    expect(report.mode).toBe("incremental");
    expect(await count(store, "SELECT 1 FROM time_entry FINAL")).toBe(5);
  });

  it("ends at what a record was changed back to, when both changes come in one read without stamps of their own", async () => {
    const source = fakeSource(vendor, clock);
    const [projects] = source.source.streams;
    if (!projects) throw new Error("no stream");
    const reads = [["ALPHA"], ["BETA", "ALPHA"]];
    const seen = new WeakMap<object, string>();
    let stamps = 0;
    const stream = {
      ...projects,
      deletes: "never" as const,
      identify: (payload: unknown) => ({
        ok: true as const,
        nativeId: "p1",
        changedAt: seen.get(payload as object) ?? "",
        deleted: false,
      }),
      async *read() {
        const records = (reads.shift() ?? []).map((code) => ({ id: "p1", agreed: "PRJ-1", code }));
        for (const record of records) seen.set(record, at(`10:00:0${stamps++}`));
        yield { records, bookmark: null, completeUntil: null };
      },
    };
    for (let n = 0; n < 2; n++) await syncStream({ store, source, stream, mode: "full", clock });
    expect(await rows(store, "SELECT code FROM project FINAL")).toEqual([{ code: "ALPHA" }]);
    expect(await count(store, "SELECT 1 FROM raw_record")).toBe(3);
  });

  it("follows what is joined to a record and changed back, although the record's own stamp stands still", async () => {
    const source = fakeSource(vendor, clock);
    const [projects] = source.source.streams;
    if (!projects) throw new Error("no stream");
    const codes = ["ALPHA", "BETA", "ALPHA", "ALPHA", "BETA", "ALPHA", "BETA", "BETA"];
    const reads = [...codes];
    const stream = {
      ...projects,
      deletes: "never" as const,
      async *read() {
        const record = { id: "p1", stamp: at("10:00:00"), agreed: "PRJ-1", code: reads.shift() };
        yield { records: [record], bookmark: null, completeUntil: null };
      },
    };
    const after: unknown[] = [];
    for (const _ of codes) {
      await syncStream({ store, source, stream, mode: "full", clock });
      clock.advance(60_000);
      after.push((await rows(store, "SELECT code FROM project FINAL"))[0]?.code);
    }
    expect(after).toEqual(codes);
    // What reads as it did the last time is not kept again.
    expect(await count(store, "SELECT 1 FROM raw_record")).toBe(6);
  });

  it("refuses pages that come after their time was said to be complete", async () => {
    const source = fakeSource(vendor, clock);
    const [, , time] = source.source.streams;
    if (!time) throw new Error("no time stream");
    const page = (id: string, stamp: string, completeUntil: string) => ({
      records: [{ id, stamp, day: "2026-11-19", hours: "1" }],
      bookmark: stamp,
      completeUntil,
    });
    const outOfOrder = {
      ...time,
      async *read() {
        yield page("a", at("10:00:00"), at("10:00:00"));
        yield page("b", at("09:00:00"), at("10:00:00"));
      },
    };
    await expect(
      syncStream({ store, source, stream: outOfOrder, mode: "incremental", clock }),
    ).rejects.toThrow("complete until");
    expect(await count(store, "SELECT 1 FROM bookmark")).toBe(0);
  });

  it("keeps what a source does not let be seen, until it does", async () => {
    const source = fakeSource(vendor, clock);
    const [projects] = source.source.streams;
    if (!projects) throw new Error("no stream");
    const notes = ["It keeps no history of projects.", undefined];
    const stream = {
      ...projects,
      async *read() {
        const note = notes.shift();
        yield { records: [], bookmark: null, completeUntil: null, ...(note === undefined ? {} : { note }) };
      },
    };
    const said: unknown[] = [];
    for (let n = 0; n < 2; n++) {
      await syncStream({ store, source, stream, mode: "incremental", clock, acceptDeletions: true });
      clock.advance(60_000);
      said.push((await store.query(streamHealth, { since: "2026-11-20 00:00:00.000" }))[0]?.last_note);
    }
    expect(said).toEqual(["It keeps no history of projects.", ""]);
  });

  it("says how far each stream is complete", async () => {
    fill();
    await ingest();
    const fresh = await rows(
      store,
      "SELECT stream, toString(complete_until) AS until, last_state, last_error FROM freshness ORDER BY stream",
    );
    expect(fresh).toEqual(
      ["cards", "projects", "time"].map((stream) => ({
        stream,
        until: "2026-11-20 12:00:00.000",
        last_state: "finished",
        last_error: "",
      })),
    );
  });
});
