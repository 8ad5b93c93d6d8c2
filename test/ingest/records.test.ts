/** Deletions, drift, probes, observed changes and replay: what is kept about records beyond their newest state. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { manualClock } from "#core/time";
import type { Stream } from "#ingest/connector";
import { observedChanges } from "#ingest/observed";
import { replay, replayRejects } from "#ingest/replay";
import { checkSources, ingestAll } from "#ingest/run";
import { type FakeVendor, fakeSource, mapTime, startFakeVendor } from "../support/fake-vendor.ts";
import { count, ingestState, rows } from "../support/ingest-state.ts";
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

type Options = Partial<Parameters<typeof ingestAll>[2]>;
const ingest = (options: Options = {}, source = fakeSource(vendor, clock)) => {
  clock.advance(60_000);
  return ingestAll(store, [source], { clock, ...options });
};
const time = (id: string, stamp: string, rest: Record<string, unknown> = {}) =>
  vendor.put("time", {
    id,
    agreed: `T-${id}`,
    stamp,
    day: "2026-11-19",
    hours: "8",
    status: "Approved",
    ...rest,
  });
const live = async () =>
  (await rows(store, "SELECT key FROM time_entry FINAL WHERE is_deleted = 0 ORDER BY key")).map((r) => r.key);

describe("deletions found by the ids a source still has", () => {
  it("are stored as versions, and undone when the record is there again", async () => {
    for (const id of ["a", "b", "c", "d"]) time(id, "2026-11-20T09:00:00.000Z");
    await ingest();
    vendor.remove("time", "b");
    await ingest();
    expect(await live()).toEqual(["T-a", "T-b", "T-c", "T-d"]);
    await ingest({ mode: "full" });
    expect(await live()).toEqual(["T-a", "T-c", "T-d"]);
    const [gone] = await rows(
      store,
      "SELECT is_deleted, hours, toString(changed_at) AS at FROM time_entry FINAL WHERE key = 'T-b'",
    );
    expect(gone).toEqual({ is_deleted: 1, hours: "8", at: "2026-11-20 09:00:00.001" });
    time("b", "2026-11-20T09:00:00.000Z");
    await ingest({ mode: "full" });
    expect(await live()).toEqual(["T-a", "T-b", "T-c", "T-d"]);
    const size = await count(store, "SELECT 1 FROM raw_record WHERE stream = 'time'");
    await ingest({ mode: "full" });
    expect(await count(store, "SELECT 1 FROM raw_record WHERE stream = 'time'")).toBe(size);
  });

  it("are held back when more is missing than may vanish, until a person agrees", async () => {
    for (const id of ["a", "b", "c", "d"]) time(id, "2026-11-20T09:00:00.000Z");
    await ingest();
    for (const id of ["b", "c", "d"]) vendor.remove("time", id);
    const held = await ingest({ mode: "full" });
    expect(held.streams.find((s) => s.stream === "time")).toMatchObject({
      ok: false,
      code: "ingest.too-many-vanished",
      error: expect.stringContaining("3 of 4 time records are no longer in books"),
    });
    expect(await live()).toEqual(["T-a", "T-b", "T-c", "T-d"]);
    const agreed = await ingest({ mode: "full", acceptDeletions: true });
    expect(agreed.ok).toBe(true);
    expect(await live()).toEqual(["T-a"]);
  });

  it("are looked for once a day without being asked", async () => {
    for (const id of ["a", "b", "c"]) time(id, "2026-11-20T09:00:00.000Z");
    await ingest();
    vendor.remove("time", "b");
    const listed = vendor.requests("/ids/time");
    await ingest();
    expect(vendor.requests("/ids/time")).toBe(listed);
    clock.advance(24 * 3_600_000);
    await ingest();
    expect(vendor.requests("/ids/time")).toBe(listed + 1);
    expect(await live()).toEqual(["T-a", "T-c"]);
  });
});

describe("the shape of a vendor's records", () => {
  const notices = () =>
    rows(
      store,
      "SELECT field, kind, detail FROM schema_notice FINAL WHERE stream = 'time' AND kind != 'known' ORDER BY field",
    );

  it("is taken stock of at first; what is new, retyped or missing later is noted once", async () => {
    time("a", "2026-11-20T09:00:00.000Z", { note: "kick-off" });
    await ingest();
    expect(await notices()).toEqual([]);
    time("b", "2026-11-20T12:00:00.000Z", { hours: 8, costCentre: "CC-1" });
    await ingest();
    expect(await notices()).toEqual([
      { field: "costCentre", kind: "new", detail: "string" },
      { field: "hours", kind: "retyped", detail: "string before, now: number" },
    ]);
    const size = await count(store, "SELECT 1 FROM schema_notice");
    time("c", "2026-11-20T12:01:00.000Z", { hours: 7, costCentre: "CC-2" });
    await ingest();
    expect(await count(store, "SELECT 1 FROM schema_notice")).toBe(size);
  });

  it("lacks a field only when many records lack it", async () => {
    vendor.put("time", {
      id: "first",
      stamp: "2026-11-20T09:00:00.000Z",
      project: "p1",
      day: "2026-11-19",
      hours: "1",
    });
    await ingest();
    clock.advance(3_600_000);
    vendor.put("time", { id: "first", stamp: "2026-11-20T09:00:00.000Z", day: "2026-11-19", hours: "1" });
    for (let n = 1; n < 50; n++)
      vendor.put("time", { id: `n${n}`, stamp: "2026-11-20T13:00:00.000Z", day: "2026-11-19", hours: "1" });
    await ingest();
    expect(await notices()).toEqual([
      { field: "project", kind: "missing", detail: "not in any of 50 records, was: string" },
    ]);
  });

  it.each([
    [249, []],
    [250, [{ field: "project", kind: "missing", detail: "not in any of 250 records, was: string" }]],
  ])("lacks a field that one record in five carries when of %i not one does: %j", async (read, expected) => {
    const put = (id: number, stamp: string, rest: Record<string, unknown> = {}) =>
      vendor.put("time", { id: `n${id}`, stamp, day: "2026-11-19", hours: "1", ...rest });
    // The source leaves out what is empty. The newest of these is read again with those that come later.
    for (let n = 0; n < 19; n++) put(n, "2026-11-20T09:00:00.000Z", n % 5 === 0 ? { project: "p1" } : {});
    put(19, "2026-11-20T09:30:00.000Z");
    await ingest();
    clock.advance(3_600_000);
    for (let n = 20; n < 19 + read; n++) put(n, "2026-11-20T13:00:00.000Z");
    await ingest();
    expect(await notices()).toEqual(expected);
  });
});

describe("the completeness probe", () => {
  const probes = () =>
    rows(
      store,
      "SELECT toString(day) AS day, source_count, store_count FROM probe FINAL WHERE stream = 'time' ORDER BY day",
    );

  it("agrees for closed days when everything was read, and is not repeated the same day", async () => {
    time("a", "2026-11-18T09:00:00.000Z");
    time("b", "2026-11-19T09:00:00.000Z");
    time("c", "2026-11-19T10:00:00.000Z");
    time("today", "2026-11-20T10:00:00.000Z");
    await ingest();
    expect(await probes()).toEqual([
      { day: "2026-11-17", source_count: "0", store_count: "0" },
      { day: "2026-11-18", source_count: "1", store_count: "1" },
      { day: "2026-11-19", source_count: "2", store_count: "2" },
    ]);
    const asked = vendor.requests("/count/time");
    await ingest();
    expect(vendor.requests("/count/time")).toBe(asked);
  });

  it("shows a record that the source counts and reading never brought", async () => {
    time("a", "2026-11-19T09:00:00.000Z");
    await ingest();
    // Committed long after its own change time: no cursor comes back for it.
    time("hidden", "2026-11-19T08:00:00.000Z");
    vendor.put("time", { id: "later", stamp: "2026-11-20T11:59:00.000Z", day: "2026-11-19", hours: "1" });
    await ingest();
    clock.advance(24 * 3_600_000);
    await ingest({ mode: "incremental" });
    expect((await probes()).find((p) => p.day === "2026-11-19")).toEqual({
      day: "2026-11-19",
      source_count: "2",
      store_count: "1",
    });
  });
});

describe("replay", () => {
  const lenient: Stream["map"] = (payload) =>
    mapTime({ ...(payload as object), hours: Math.abs((payload as { hours: number }).hours) });

  function sourceWith(map: Stream["map"]) {
    const source = fakeSource(vendor, clock);
    const streams = source.source.streams.map((s) => (s.name === "time" ? { ...s, map } : s));
    return { ...source, source: { ...source.source, streams } };
  }

  it("of open rejects brings in what is understood now, without calling the vendor", async () => {
    time("good", "2026-11-20T09:00:00.000Z", { hours: 4 });
    time("odd", "2026-11-20T09:00:00.000Z", { hours: -3 });
    await ingest();
    expect(await live()).toEqual(["T-good"]);
    const asked = vendor.requests("/");
    clock.advance(1000);
    const reports = await replayRejects({ store, clock, source: sourceWith(lenient), stream: "time" });
    expect(reports).toEqual([{ sourceId: "books", stream: "time", versions: 1, mapped: 1, rejected: 0 }]);
    expect(vendor.requests("/")).toBe(asked);
    expect(await live()).toEqual(["T-good", "T-odd"]);
    expect(await count(store, "SELECT 1 FROM reject FINAL WHERE is_open = 1")).toBe(0);
  });

  it("after a mapping changed gives the new mapping's state, twice the same", async () => {
    vendor.put("projects", { id: "p1", stamp: "2026-11-20T08:00:00.000Z", agreed: "PRJ-1", code: "A" });
    time("a", "2026-11-20T09:00:00.000Z", { project: "p1" });
    time("b", "2026-11-20T09:01:00.000Z", { project: "p1" });
    time("b", "2026-11-20T09:02:00.000Z", { project: "p1", hours: "6" });
    await ingest();
    // The new mapping keys time differently and no longer takes "a".
    const changed = sourceWith((payload) => {
      const mapped = mapTime(payload);
      if (!mapped.ok) return mapped;
      return {
        ok: true,
        records: mapped.records
          .filter((r) => r.nativeId !== "a")
          .map((r) => ({ ...r, key: `new-${r.nativeId}` })),
      };
    });
    clock.advance(1000);
    await replay({ store, clock, source: changed });
    const once = await ingestState(store);
    expect(once.time_entry).toMatchObject([{ key: "new-b", hours: "6", project_key: "PRJ-1" }]);
    clock.advance(1000);
    await replay({ store, clock, source: changed });
    expect(await ingestState(store)).toEqual(once);
    // And back again.
    clock.advance(1000);
    await replay({ store, clock, source: fakeSource(vendor, clock) });
    expect(await live()).toEqual(["T-a", "T-b"]);
  });

  it("of an unchanged mapping changes nothing", async () => {
    vendor.put("cards", { id: "c", stamp: "2026-11-20T08:00:00.000Z", lines: [["A", "1"]] });
    time("a", "2026-11-20T09:00:00.000Z");
    time("bad", "2026-11-20T09:00:00.000Z", { hours: "x" });
    await ingest();
    vendor.put("cards", { id: "c", stamp: "2026-11-20T12:00:30.000Z", lines: [["B", "2"]] });
    await ingest();
    const before = await ingestState(store);
    clock.advance(1000);
    const reports = await replay({ store, clock, source: fakeSource(vendor, clock) });
    expect(reports.map((r) => [r.stream, r.versions, r.mapped, r.rejected])).toEqual([
      ["projects", 0, 0, 0],
      ["cards", 2, 2, 0],
      ["time", 2, 1, 1],
    ]);
    expect(await ingestState(store)).toEqual(before);
  });
});

describe("changes as observed", () => {
  it("are told from the stored versions, with the time between which they happened", async () => {
    time("a", "2026-11-20T09:00:00.000Z");
    await ingest();
    time("a", "2026-11-20T12:00:10.000Z", { hours: "6.50", status: "Rejected" });
    await ingest();
    vendor.remove("time", "a");
    await ingest({ mode: "full", acceptDeletions: true });
    const [stream] = fakeSource(vendor, clock).source.streams.filter((s) => s.name === "time");
    if (!stream) throw new Error("no time stream");
    const changes = await observedChanges(store, "books", stream, "a");
    expect(changes.map((c) => [c.field, c.oldValue, c.newValue, c.after, c.until])).toEqual([
      ["hours", "8", "6.5", "2026-11-20T09:00:00.000Z", "2026-11-20T12:00:10.000Z"],
      ["status", "Approved", "Rejected", "2026-11-20T09:00:00.000Z", "2026-11-20T12:00:10.000Z"],
      ["is_approved", "true", "false", "2026-11-20T09:00:00.000Z", "2026-11-20T12:00:10.000Z"],
      [
        "recorded_at",
        "2026-11-20T09:00:00.000Z",
        "2026-11-20T12:00:10.000Z",
        "2026-11-20T09:00:00.000Z",
        "2026-11-20T12:00:10.000Z",
      ],
      ["(record)", "there", "not there", "2026-11-20T12:00:10.000Z", "2026-11-20T12:00:10.001Z"],
    ]);
  });
});

describe("sources", () => {
  it("that are unknown are named together with those there are", async () => {
    await expect(ingest({ sourceId: "nope" })).rejects.toMatchObject({
      userMessage: 'There is no source "nope". Configured: books.',
    });
    await expect(ingest({ stream: "nope" })).rejects.toMatchObject({ code: "ingest.no-stream" });
  });

  it("do not hold each other up", async () => {
    time("a", "2026-11-20T09:00:00.000Z");
    const stopped = await startFakeVendor(clock);
    await stopped.close();
    const down = fakeSource(stopped, clock, { id: "down" });
    const report = await ingestAll(store, [down, fakeSource(vendor, clock)], { clock });
    expect(report.ok).toBe(false);
    expect(report.streams.filter((s) => s.sourceId === "books").every((s) => s.ok)).toBe(true);
    expect(report.streams.filter((s) => s.sourceId === "down").map((s) => !s.ok && s.code)).toEqual(
      Array(3).fill("http.unreachable"),
    );
    // Nobody waits through the tries of every stream of a system that is not there.
    expect(down.http.counts().requests).toBe(3);
    expect(await live()).toEqual(["T-a"]);
  });

  it("are checked without one failure hiding another's result", async () => {
    const failing = fakeSource(vendor, clock, { id: "failing" });
    const check = () => Promise.reject(new Error("no such user"));
    const checks = await checkSources([
      { ...failing, source: { ...failing.source, check } },
      fakeSource(vendor, clock),
    ]);
    expect(checks.map((c) => [c.sourceId, c.ok, c.results[0]?.message])).toEqual([
      ["failing", false, "no such user"],
      ["books", true, "It answers."],
    ]);
  });
});
