/** Streams whose every read lists everything, and streams whose records map to several entities. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TransientError } from "#core/errors";
import { manualClock } from "#core/time";
import type { Page, Stream } from "#ingest/connector";
import { mapping } from "#ingest/payload";
import { replay } from "#ingest/replay";
import { ingestAll } from "#ingest/run";
import { type SyncOptions, syncStream } from "#ingest/sync";
import { type FakeVendor, fakeSource, listing, startFakeVendor } from "../support/fake-vendor.ts";
import { count, rows } from "../support/ingest-state.ts";
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

const line = (n: number, more = {}) => ({
  id: `t${n}`,
  agreed: `T-${n}`,
  stamp: `2026-11-20T09:0${n}:00.000Z`,
  day: "2026-11-19",
  hours: "7.5",
  ...more,
});
const fill = (lines: number) => {
  for (let n = 1; n <= lines; n++) vendor.put("time", line(n));
};
const streamNamed = (name: string): Stream => {
  const found = fakeSource(vendor, clock).source.streams.find((s) => s.name === name);
  if (!found) throw new Error(`no stream ${name}`);
  return found;
};
const time = () => listing(streamNamed("time"));
/** A later reading of a stream. */
const read = (stream: Stream, options: Partial<SyncOptions> = {}) => {
  clock.advance(60_000);
  const source = fakeSource(vendor, clock, { streams: [stream] });
  return syncStream({ store, source, stream, mode: "incremental", clock, ...options });
};
const lines = async () =>
  (await rows(store, "SELECT key FROM time_entry FINAL WHERE is_deleted = 0 ORDER BY key")).map((r) => r.key);

describe("a stream whose reads list everything", () => {
  it("has its deletions found by every read, and what comes back restored", async () => {
    fill(5);
    await read(time());
    vendor.remove("time", "t2");
    expect(await read(time())).toMatchObject({ mode: "incremental", read: 4, unchanged: 4, deleted: 1 });
    expect(await lines()).toEqual(["T-1", "T-3", "T-4", "T-5"]);
    expect(await read(time())).toMatchObject({ deleted: 0 });
    vendor.put("time", line(2));
    expect(await read(time())).toMatchObject({ deleted: 0 });
    expect(await lines()).toEqual(["T-1", "T-2", "T-3", "T-4", "T-5"]);
    // Deleted once more: each turn is a version of its own.
    vendor.remove("time", "t2");
    expect(await read(time())).toMatchObject({ deleted: 1 });
    expect(await lines()).toEqual(["T-1", "T-3", "T-4", "T-5"]);
  });

  it("loses nothing when more is missing than may be, until a person agrees", async () => {
    fill(5);
    await read(time());
    for (const id of ["t1", "t2", "t3"]) vendor.remove("time", id);
    for (let turn = 0; turn < 2; turn++)
      await expect(read(time())).rejects.toMatchObject({
        code: "ingest.too-many-vanished",
        userMessage: expect.stringContaining("3 of 5 time records are no longer in books"),
      });
    expect(await lines()).toHaveLength(5);
    expect(await read(time(), { acceptDeletions: true })).toMatchObject({ deleted: 3 });
    expect(await lines()).toEqual(["T-4", "T-5"]);
  });

  it("loses nothing to a read that is cut short, or that goes on from a bookmark", async () => {
    fill(5);
    await read(time());
    const whole = time();
    const cutShort: Stream = {
      ...whole,
      async *read(from, options) {
        for await (const page of whole.read(from, options)) {
          yield page;
          throw new TransientError("test.cut", "cut");
        }
      },
    };
    await expect(read(cutShort)).rejects.toThrow("cut");
    const rest: Stream = {
      ...whole,
      async *read(from, options) {
        let pages = 0;
        for await (const { everything: _, ...page } of whole.read(from, options)) if (pages++ > 0) yield page;
      },
    };
    expect(await read(rest)).toMatchObject({ read: 3, deleted: 0 });
    expect(await lines()).toHaveLength(5);
  });

  it("does not count a record that arrives as deleted among those that are there", async () => {
    fill(3);
    await read(time());
    vendor.put("time", line(3, { stamp: "2026-11-20T11:00:00.000Z", gone: true }));
    expect(await read(time())).toMatchObject({ deleted: 1 });
    expect(await lines()).toEqual(["T-1", "T-2"]);
    expect(await count(store, "SELECT 1 FROM raw_record WHERE native_id = 't3'")).toBe(2);
  });

  it("is read in full once a day like any other that is swept", async () => {
    fill(2);
    const source = fakeSource(vendor, clock, { streams: [time()] });
    const modeNow = async () => {
      const [outcome] = (await ingestAll(store, [source], { clock })).streams;
      return outcome?.ok ? outcome.report.mode : outcome?.error;
    };
    expect(await modeNow()).toBe("full");
    clock.advance(3_600_000);
    expect(await modeNow()).toBe("incremental");
    clock.advance(24 * 3_600_000);
    expect(await modeNow()).toBe("full");
  });
});

describe("a connector that breaks the contract of a sweep", () => {
  const saying = (pages: readonly Partial<Page>[], from: Stream): Stream => ({
    ...from,
    async *read() {
      for (const page of pages)
        yield { records: [], bookmark: "b", completeUntil: "2026-11-20T12:00:00.000Z", ...page };
    },
  });

  it("by a full read that neither lists ids nor everything is told so, and nothing is deleted", async () => {
    fill(3);
    await read(time());
    await expect(read(saying([{ records: [line(1)] }], time()), { mode: "full" })).rejects.toMatchObject({
      code: "ingest.no-list",
      userMessage: expect.stringContaining("it cannot be told what was deleted there"),
    });
    expect(await lines()).toHaveLength(3);
  });

  it("by records after the last page is told so", async () => {
    await expect(
      read(saying([{ records: [line(1)], everything: true }, { records: [line(2)] }], time())),
    ).rejects.toMatchObject({ code: "ingest.after-everything" });
    expect(await count(store, "SELECT 1 FROM bookmark")).toBe(0);
  });

  it.each([
    ["has ids", () => streamNamed("time")],
    ["tells of deletions itself", (): Stream => ({ ...time(), deletes: "tombstones" })],
  ])("by listing everything although the stream %s is told so", async (_, stream) => {
    await expect(read(saying([{ records: [line(1)], everything: true }], stream()))).rejects.toMatchObject({
      code: "ingest.everything",
    });
  });
});

describe("a stream whose records map to several entities", () => {
  /** Clients, each with the project of the same number. */
  const clients = (): Stream => {
    const stream = streamNamed("projects");
    return {
      ...stream,
      yields: "customer",
      also: ["project"],
      map: mapping((f) => {
        const project = stream.map({ ...(f.raw("project") as object), stamp: f.text("stamp") });
        return [
          {
            entity: "customer" as const,
            nativeId: f.required("id"),
            key: f.text("agreed") || null,
            data: {
              name: f.text("name"),
              legal_entity: "",
              currency: "",
              is_active: true,
              rate_card_ref: "",
            },
          },
          ...(project.ok ? project.records : []),
        ];
      }),
    };
  };
  const client = (agreed: string, stamp: string) => ({
    id: "c1",
    stamp,
    name: "Northwind",
    project: { id: "p1", agreed, code: "A" },
  });
  const keyOfLine = async () =>
    (await rows(store, "SELECT project_key FROM time_entry FINAL WHERE is_deleted = 0"))[0]?.project_key;

  it("moves what points at any of them when its key changes, in a reading and in a replay", async () => {
    vendor.put("projects", client("PRJ-1", "2026-11-20T08:00:00.000Z"));
    vendor.put("time", line(1, { project: "p1" }));
    await read(clients());
    await read(streamNamed("time"));
    expect(await keyOfLine()).toBe("PRJ-1");
    vendor.put("projects", client("PRJ-2", "2026-11-20T11:00:00.000Z"));
    await read(clients());
    expect(await keyOfLine()).toBe("PRJ-2");

    // The mapping is changed: the raw log gives other keys.
    const before = clients();
    const renamed: Stream = {
      ...before,
      map: (payload) => {
        const mapped = before.map(payload);
        if (!mapped.ok) return mapped;
        return {
          ...mapped,
          records: mapped.records.map((r) => (r.entity === "project" ? { ...r, key: `new ${r.key}` } : r)),
        };
      },
    };
    clock.advance(60_000);
    await replay({ store, source: fakeSource(vendor, clock, { streams: [renamed] }), clock });
    expect(await keyOfLine()).toBe("new PRJ-2");
  });
});
