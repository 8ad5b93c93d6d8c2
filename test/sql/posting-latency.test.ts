/** How long approved time takes to reach the ERP: exact where the PSA's log tells of the approval, at most so long where it does not. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { chTime } from "#core/time";
import { postingLatency } from "#sql/queries/overview";
import { insertRows, put } from "../reconcile/seed.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

const FROM = chTime(Date.parse("2026-06-01T00:00:00Z"));

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const at = (clock: string) => `2026-06-10 ${clock}.000`;
const held = (key: string, recorded_at: string, more = {}) => ({
  key,
  native_id: key,
  is_approved: 1,
  recorded_at,
  ...more,
});
const approvals = (rows: [id: string, clock: string, value?: string][]) =>
  insertRows(
    store,
    "change_event",
    rows.map(([native_id, clock, new_value = "Approved"]) => ({
      role: "psa",
      source_id: "psa",
      entity: "time_entry",
      native_id,
      change_id: `${native_id} ${clock}`,
      field: "status",
      new_value,
      changed_at: at(clock),
    })),
  );
const latency = async () => (await store.query(postingLatency, { from: FROM }))[0];

it("is nothing on an empty store", async () => {
  expect(await latency()).toEqual({ lines: 0, upper_bounds: 0, p50_s: 0, p95_s: 0, posted: 0 });
});

it("counts from the last approval before the posting, of the week the line belongs to", async () => {
  await put(store, "psa", "time_entry", [
    held("w1_2026-06-08", at("07:00:00")),
    held("w2_2026-06-08", at("07:00:00")),
  ]);
  await put(store, "erp", "time_entry", [
    held("w1_2026-06-08", at("10:00:00")),
    // Approved only after it was posted: there is no such time.
    held("w2_2026-06-08", at("10:00:00")),
    held("w0_2026-05-01", "2026-05-02 10:00:00.000"),
  ]);
  await approvals([
    ["w1", "08:00:00"],
    ["w1", "09:40:00", "Submitted"],
    ["w1", "09:50:00"],
    ["w1", "10:30:00"],
    ["w2", "11:00:00"],
  ]);
  expect(await latency()).toEqual({ lines: 1, upper_bounds: 0, p50_s: 600, p95_s: 600, posted: 2 });
});

it("counts from when the PSA first held the line where no log tells, and says how many are at most so long", async () => {
  await put(store, "psa", "time_entry", [
    held("101", at("09:30:00")),
    held("102", at("09:00:00")),
    // Not approved, not known since when, held later than it was posted, gone, and not held at all.
    held("103", at("09:00:00"), { is_approved: 0 }),
    held("104", "1970-01-01 00:00:00.000"),
    held("105", at("10:00:01")),
  ]);
  await put(store, "psa", "time_entry", [held("106", at("09:00:00"), { is_deleted: 1 })]);
  await put(
    store,
    "erp",
    "time_entry",
    ["101", "102", "103", "104", "105", "106", "107"].map((key) => held(key, at("10:00:00"))),
  );
  // 600 s told; at most 1,800 s and 3,600 s.
  expect(await latency()).toEqual({ lines: 3, upper_bounds: 2, p50_s: 1800, p95_s: 3600, posted: 9 });
});
