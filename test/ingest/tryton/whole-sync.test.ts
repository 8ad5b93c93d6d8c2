/** Both Tryton sources read into a real store, and read again after things changed and went. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingestAll } from "#ingest/run";
import { count, rows } from "../../support/ingest-state.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { trytonWorld, type World } from "./world.ts";

let store: TestStore;
let crm: World;
let erp: World;
beforeAll(async () => {
  store = await openTestStore();
  crm = await trytonWorld("crm");
  erp = await trytonWorld("erp", {}, crm.fake);
});
afterAll(async () => {
  await crm?.close();
  await store?.close();
});
const ingest = () => ingestAll(store, [crm.opened, erp.opened], { clock: crm.clock });

describe("a firm on Tryton", () => {
  it("is read whole, with what it says of each other linked by the agreed keys", async () => {
    const report = await ingest();
    expect(report.streams.filter((s) => !s.ok)).toEqual([]);
    expect(
      await rows(
        store,
        `SELECT key, project_key, task_key, resource_key FROM time_entry FINAL
         WHERE is_deleted = 0 AND NOT startsWith(key, 'unlinked:') ORDER BY key`,
      ),
    ).toEqual([
      { key: "101", project_key: "kestrel-claims", task_key: "17", resource_key: "5" },
      { key: "102", project_key: "kestrel-claims", task_key: "17", resource_key: "5" },
      { key: "103", project_key: "kestrel-claims", task_key: "18", resource_key: "6" },
      { key: "104", project_key: "kestrel-claims", task_key: "18", resource_key: "6" },
      { key: "105", project_key: "kestrel-claims-ops", task_key: "30", resource_key: "6" },
    ]);
    expect(
      await rows(
        store,
        `SELECT role, native_id, customer_key, toString(rate) AS rate FROM rate_line FINAL
         WHERE is_deleted = 0 AND role_name = 'Solution Architect' ORDER BY role, native_id`,
      ),
    ).toEqual([
      { role: "crm", native_id: "sale-line:1", customer_key: "2", rate: "207.5" },
      { role: "erp", native_id: "line:1", customer_key: "", rate: "205" },
      { role: "erp", native_id: "work:1", customer_key: "2", rate: "205" },
      { role: "erp", native_id: "work:2", customer_key: "2", rate: "205" },
    ]);
  });

  it("loses what went without a trace: at once where it is read whole, else at the next full read", async () => {
    const people = "SELECT 1 FROM resource FINAL WHERE is_deleted = 0";
    const time = "SELECT 1 FROM time_entry FINAL WHERE is_deleted = 0";
    expect(await count(store, people)).toBe(3);
    crm.fake.remove("company.employee", 3);
    crm.fake.remove("timesheet.line", 6);
    for (const world of [crm, erp]) world.clock.advance(60_000);
    await ingest();
    expect(await count(store, people)).toBe(2);
    expect(await count(store, time)).toBe(7);
    for (const world of [crm, erp]) world.clock.advance(60_000);
    await ingestAll(store, [crm.opened, erp.opened], { clock: crm.clock, mode: "full" });
    expect(await count(store, time)).toBe(6);
  });
});
