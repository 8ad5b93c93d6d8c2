/** However the versions of records arrive, what is live in the end is the same. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instant, manualClock } from "#core/time";
import type { Page, Stream } from "#ingest/connector";
import { ingestAll } from "#ingest/run";
import {
  type FakeVendor,
  fakeSource,
  identifyFake,
  mapCard,
  mapProject,
  mapTime,
  startFakeVendor,
  type VendorRecord,
} from "../support/fake-vendor.ts";
import { ingestState, rows } from "../support/ingest-state.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

const clock = manualClock("2026-11-20T12:00:00.000Z");
let store: TestStore;
let vendor: FakeVendor;
beforeAll(async () => {
  store = await openTestStore();
  vendor = await startFakeVendor(clock);
});
afterAll(async () => {
  await vendor.close();
  await store.close();
});

const at = (minute: number): Instant => `2026-11-20T08:${String(minute).padStart(2, "0")}:00.000Z`;

/** A stream that gives these batches of versions, one each time it is read. */
function scripted(
  name: string,
  yields: Stream["yields"],
  map: Stream["map"],
  batches: readonly (readonly VendorRecord[])[],
): Stream {
  let next = 0;
  return {
    name,
    yields,
    map,
    deletes: "tombstones",
    mayVanish: 0,
    fields: ["id"],
    identify: identifyFake,
    async *read(): AsyncIterable<Page> {
      yield { records: batches[next++] ?? [], bookmark: String(next), completeUntil: null };
    },
  };
}

/** One record each way a history can go: linked late, moved and moved back, deleted, rejected in between, lines dropped and returned. */
const PROJECTS: VendorRecord[] = [
  { id: "late", stamp: at(1), code: "A" },
  { id: "late", stamp: at(2), code: "A", agreed: "P-LATE" },
  { id: "moved", stamp: at(1), code: "B", agreed: "P-1" },
  { id: "moved", stamp: at(2), code: "B", agreed: "P-2" },
  { id: "moved", stamp: at(3), code: "B2", agreed: "P-1" },
  { id: "gone", stamp: at(1), code: "C", agreed: "P-GONE" },
  { id: "gone", stamp: at(2), gone: true },
];
const TIME: VendorRecord[] = [
  { id: "t1", stamp: at(1), agreed: "T-1", project: "moved", day: "2026-11-02", hours: "1" },
  { id: "t1", stamp: at(2), agreed: "T-1", project: "late", day: "2026-11-02", hours: "x" },
  { id: "t1", stamp: at(3), agreed: "T-1", project: "late", day: "2026-11-02", hours: "3" },
  { id: "t2", stamp: at(1), agreed: "T-2", project: "gone", day: "2026-11-02", hours: "2" },
  { id: "t2", stamp: at(2), agreed: "T-2", project: "gone", day: "2026-11-02", hours: 99 },
];
const CARDS: VendorRecord[] = [
  {
    id: "c1",
    stamp: at(1),
    name: "Card",
    lines: [
      ["A", "1"],
      ["B", "2"],
    ],
  },
  { id: "c1", stamp: at(2), name: "Card", lines: [["B", "2"]] },
  {
    id: "c1",
    stamp: at(3),
    name: "Card",
    lines: [
      ["A", "1.5"],
      ["C", "3"],
    ],
  },
];

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  const all = [...items];
  for (let n = all.length - 1; n > 0; n--) {
    const other = Math.floor(next() * (n + 1));
    [all[n], all[other]] = [all[other] as T, all[n] as T];
  }
  return all;
}

/** Read everything in the order given, in batches of a few, the streams taking turns. */
async function arrive(id: string, next: (() => number) | null) {
  const split = (records: readonly VendorRecord[]) => {
    const order = next ? shuffled(records, next) : records;
    const size = next ? 1 + Math.floor(next() * 3) : records.length;
    const batches: VendorRecord[][] = [];
    for (let from = 0; from < order.length; from += size) batches.push(order.slice(from, from + size));
    return batches;
  };
  const batches = [split(PROJECTS), split(CARDS), split(TIME)];
  const streams = [
    scripted("projects", "project", mapProject, batches[0] ?? []),
    scripted("cards", "rate_card", mapCard, batches[1] ?? []),
    scripted("time", "time_entry", mapTime, batches[2] ?? []),
  ];
  const rounds = Math.max(...batches.map((b) => b.length));
  for (let n = 0; n < rounds; n++) {
    clock.advance(60_000);
    const order = next ? shuffled(streams, next) : streams;
    const report = await ingestAll(store, [fakeSource(vendor, clock, { id, streams: order })], { clock });
    expect(report.ok).toBe(true);
  }
  const { bookmarks: _, ...state } = await ingestState(store, id);
  return state;
}

describe("records in any order", () => {
  it("end in the state that reading them in order gives", { timeout: 240_000 }, async () => {
    const expected = await arrive("in-order", null);
    expect(expected.project).toMatchObject([
      { key: "P-1", native_id: "moved", code: "B2" },
      { key: "P-LATE", native_id: "late" },
    ]);
    expect(expected.time_entry).toMatchObject([
      { key: "T-1", hours: "3", project_key: "P-LATE" },
      { key: "T-2", hours: "2", project_key: "P-GONE" },
    ]);
    expect(expected.rate_line).toMatchObject([
      { role_name: "A", rate: "1.5" },
      { role_name: "C", rate: "3" },
    ]);
    expect(expected.rejects).toMatchObject([{ native_id: "t2", reason: "out-of-range" }]);
    for (let seed = 1; seed <= 12; seed++)
      expect(await arrive(`seed-${seed}`, random(seed)), `seed ${seed}`).toEqual(expected);
  });

  it("keeps a row that was linked anew when parts are merged, although its version is the same", async () => {
    const before = await rows(
      store,
      "SELECT source_id, key, project_key FROM time_entry FINAL WHERE is_deleted = 0 ORDER BY ALL",
    );
    await store.command("OPTIMIZE TABLE time_entry FINAL");
    expect(
      await rows(
        store,
        "SELECT source_id, key, project_key FROM time_entry WHERE is_deleted = 0 ORDER BY ALL",
      ),
    ).toEqual(before);
    expect(before.length).toBe(26);
  });
});
