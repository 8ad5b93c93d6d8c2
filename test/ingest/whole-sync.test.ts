/** The whole make-believe firm, read through all three connectors into a real store. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantOf, systemClock } from "#core/time";
import { type OpenSource, openSources } from "#ingest/registry";
import { replay } from "#ingest/replay";
import { ingestAll } from "#ingest/run";
import { type Sandbox, startSandbox } from "#sandbox/start";
import { describeConnector } from "../support/conformance.ts";
import { count, ingestState, rows } from "../support/ingest-state.ts";
import { sandboxConfig } from "../support/sandbox-config.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

/** Time stands still in this file, so that reading twice is reading the same. */
const at = systemClock.now();
const clock = { now: () => at };
let store: TestStore;
let sandbox: Sandbox;
let sources: OpenSource[];
beforeAll(async () => {
  store = await openTestStore();
  sandbox = await startSandbox({ seed: 5, projects: 20, months: 3, clock });
  sources = openSources(sandboxConfig(sandbox), { clock, http: { backoffMs: 5 } });
});
afterAll(async () => {
  await sandbox?.close();
  await store?.close();
});

const sourceOf = (vendor: string) => {
  const found = sources.find((s) => s.config.vendor === vendor);
  if (!found) throw new Error(`no source for ${vendor}`);
  return found;
};

describe("reading the whole firm", () => {
  it("brings in every stream of every system, each record mapped or rejected", async () => {
    const report = await ingestAll(store, sources, { clock });
    expect(report.streams.filter((s) => !s.ok)).toEqual([]);
    for (const s of report.streams)
      if (s.ok)
        expect(s.report.read, s.stream).toBe(s.report.mapped + s.report.rejected + s.report.unchanged);
    for (const table of [
      "customer",
      "opportunity",
      "contract",
      "project",
      "task",
      "resource",
      "assignment",
      "rate_line",
      "time_entry",
    ])
      expect(await count(store, `SELECT 1 FROM ${table}`), table).toBeGreaterThan(0);
  });

  it("links the systems' time by keys they agree on, and every line's project, task and person with it", async () => {
    const [linked] = await rows(
      store,
      `SELECT toUInt32(count()) AS lines, toUInt32(countIf(startsWith(project_key, 'unlinked:'))) AS no_project,
         toUInt32(countIf(startsWith(resource_key, 'unlinked:'))) AS no_person
       FROM time_entry FINAL WHERE is_deleted = 0 AND role = 'erp' AND NOT startsWith(key, 'unlinked:')`,
    );
    expect(linked?.lines).toBeGreaterThan(50);
    expect(linked?.no_person).toBe(0);
    const [shared] = await rows(
      store,
      `SELECT toUInt32(count()) AS n FROM (SELECT key FROM time_entry FINAL WHERE is_deleted = 0 GROUP BY key HAVING uniqExact(role) = 2)`,
    );
    expect(shared?.n).toBeGreaterThan(50);
  });

  it("changes nothing when read again", async () => {
    const before = await Promise.all(sources.map((s) => ingestState(store, s.config.id)));
    const size = await count(store, "SELECT 1 FROM raw_record");
    const report = await ingestAll(store, sources, { clock, mode: "full" });
    expect(report.streams.filter((s) => !s.ok)).toEqual([]);
    expect(await count(store, "SELECT 1 FROM raw_record")).toBe(size);
    expect(await Promise.all(sources.map((s) => ingestState(store, s.config.id)))).toEqual(before);
  });

  it("agrees with every completeness probe", async () => {
    expect(
      await rows(
        store,
        "SELECT source_id, stream, day, source_count, store_count FROM probe FINAL WHERE source_count != store_count",
      ),
    ).toEqual([]);
    expect(await count(store, "SELECT 1 FROM probe FINAL")).toBeGreaterThan(10);
  });

  it("tells what happened in the business, and follows an engagement from sale to bill", async () => {
    const events = await rows(
      store,
      "SELECT event, toUInt32(count()) AS n, toUInt32(countIf(happened_at < '2001-01-01')) AS undated FROM business_event GROUP BY event ORDER BY event",
    );
    expect(events.map((e) => e.event)).toEqual(
      expect.arrayContaining([
        "contract signed",
        "opportunity won",
        "project activated",
        "project created",
        "resource assigned",
        "time approved",
        "time posted",
      ]),
    );
    expect(events.filter((e) => e.undated !== 0)).toEqual([]);
    const engagements = await rows(
      store,
      "SELECT correlation_id, opportunity_key, project_key, is_in_erp FROM correlation",
    );
    expect(engagements).toHaveLength(
      await count(store, "SELECT 1 FROM project FINAL WHERE role = 'psa' AND is_deleted = 0"),
    );
    expect(engagements.some((e) => e.opportunity_key !== "" && e.is_in_erp === 1)).toBe(true);
  });

  it("can be built anew from the raw log alone", { timeout: 240_000 }, async () => {
    const before = await Promise.all(sources.map((s) => ingestState(store, s.config.id)));
    const later = { now: () => at + 60_000 };
    for (const source of sources) await replay({ store, source, clock: later });
    expect(await Promise.all(sources.map((s) => ingestState(store, s.config.id)))).toEqual(before);
    const [left] = await rows(
      store,
      `SELECT toUInt32(count()) AS n FROM time_entry FINAL WHERE is_deleted = 0 AND seen_at < '${instantOf(
        at + 60_000,
      )
        .slice(0, 19)
        .replace("T", " ")}'`,
    );
    expect(left?.n).toBe(0);
  });
});

describeConnector("Salesforce", () => sourceOf("salesforce"), { mayBeEmpty: ["Contract_Amendment__c"] });
describeConnector("Certinia", () => sourceOf("certinia"));
describeConnector("NetSuite", () => sourceOf("netsuite"));
