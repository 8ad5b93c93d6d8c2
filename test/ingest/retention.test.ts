import { afterAll, beforeAll, expect, it } from "vitest";
import { instantOf, manualClock, msOf } from "#core/time";
import { pruneRaw } from "#ingest/retention";
import { rawRecordTable } from "#sql/tables";
import { rows } from "../support/ingest-state.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const NOW = "2026-11-20T10:00:00.000Z";
const version = (native_id: string, n: number, daysAgo: number) => ({
  source_id: "psa",
  stream: "project",
  native_id,
  raw_id: `${native_id}-${n}`,
  changed_at: instantOf(msOf(NOW) - daysAgo * 86_400_000),
  fetched_at: instantOf(msOf(NOW) - daysAgo * 86_400_000),
  sync_id: "s",
  is_deleted: false,
  payload: "{}",
});

it("raw versions go when they are old and replaced; the newest version of a record never does", async () => {
  await store.insert(rawRecordTable, [
    version("changed", 1, 500),
    version("changed", 2, 450),
    version("changed", 3, 10),
    version("quiet", 1, 900),
    version("recent", 1, 20),
    version("recent", 2, 5),
  ]);
  await pruneRaw(store, manualClock(NOW), 400);
  const left = await rows(store, "SELECT raw_id FROM raw_record ORDER BY raw_id");
  expect(left.map((r) => r.raw_id)).toEqual(["changed-3", "quiet-1", "recent-1", "recent-2"]);
});
