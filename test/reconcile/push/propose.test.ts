/** Which way a correction goes: by the system of record, to the record and the source that the evidence names, if the writer can. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlumblineConfig, SourceConfig } from "#core/config";
import { manualClock } from "#core/time";
import type { Source, Writer } from "#ingest/connector";
import { openHttp } from "#ingest/http";
import type { OpenSource } from "#ingest/registry";
import { holds } from "#reconcile/push/preview";
import type { Proposal } from "#reconcile/push/proposal";
import { propose } from "#reconcile/push/propose";
import { reconcile } from "#reconcile/run";
import { exceptionDetail, listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { firmConfig, freshUntil, put, putEngagement, timeLine } from "../seed.ts";

const NOW = "2026-06-15T12:00:00.000Z";
const clock = manualClock(NOW);
let store: TestStore;
/** `rule comparison` → its only exception's id. */
const ids = new Map<string, string>();

const can: Record<string, Writer["can"]> = {
  erp: { rate_line: ["update"], assignment: ["update"], time_entry: ["create", "update"] },
  psa: { assignment: ["update"], time_entry: ["update"], project: ["update"] },
};

/** The configured sources, whose writers say what they can do and are never asked to do it. */
function opened(config: PlumblineConfig, writers: Record<string, Writer["can"]> = can): OpenSource[] {
  const unasked = () => Promise.reject(new Error("nothing is read or written for a proposal"));
  return config.sources.map((of: SourceConfig): OpenSource => {
    const ability = writers[of.id];
    const source: Source = {
      check: async () => [],
      streams: [],
      writer: ability ? { can: ability, read: unasked, write: unasked } : null,
      recordUrl: () => null,
    };
    const http = openHttp({ source: of.id, hosts: ["127.0.0.1:1"], requestsPerMinute: 60, clock });
    return { config: of, label: of.id, source, http };
  });
}

async function proposed(
  which: string,
  systemOfRecord: PlumblineConfig["systemOfRecord"] = {},
  writers = can,
  config = firmConfig(),
) {
  const exception = (await store.query(exceptionDetail, { id: ids.get(which) ?? "" }))[0];
  if (!exception) throw new Error(`no exception of ${which}`);
  const sources = opened(config, writers);
  return propose({ store, clock, config: { ...config, systemOfRecord }, sources }, exception);
}
const reasonOf = (answer: Awaited<ReturnType<typeof proposed>>) =>
  answer.kind === "declined" ? answer.reason : "";

beforeAll(async () => {
  store = await openTestStore();
  await freshUntil(store, NOW);
  const it = await putEngagement(store, "same", { rate: "200", erpRate: "180" });
  const line = { ...timeLine("t", it), note: "Design review" };
  const booking = {
    key: "a",
    project_key: it.project,
    resource_key: it.person,
    role_name: "Consultant",
    start_on: "2026-06-01",
    end_on: "2026-07-31",
    allocation_pct: "50",
    bill_rate: "200",
    is_active: 1,
    is_billable: 1,
    currency: "USD",
  };
  await put(store, "psa", "time_entry", [line]);
  await put(store, "erp", "time_entry", [{ ...line, hours: "6", task_key: "unlinked:old" }]);
  await put(store, "psa", "task", [{ key: "T-1", native_id: "psa-task" }]);
  await put(store, "erp", "task", [
    { key: "T-1", native_id: "erp-task" },
    { key: "unlinked:old", native_id: "old" },
    // Another ERP's task of the same name is not this one's.
    { key: "T-1", native_id: "far-task", source_id: "erp-far" },
  ]);
  await put(store, "psa", "assignment", [booking]);
  await put(store, "erp", "assignment", [{ ...booking, allocation_pct: "80" }]);
  await put(store, "psa", "rate_line", [
    {
      key: "low",
      role_name: "Manager",
      currency: "USD",
      customer_key: it.customer,
      rate: "250",
      effective_from: "2026-01-01",
    },
  ]);
  await put(store, "crm", "rate_line", [
    {
      key: "high",
      role_name: "Manager",
      currency: "USD",
      customer_key: it.customer,
      rate: "300",
      effective_from: "2026-01-01",
      is_signed: 1,
    },
  ]);
  const project = {
    is_billable: 1,
    code: "S",
    start_on: "2026-01-05",
    end_on: "2026-12-31",
    currency: "USD",
  };
  await put(store, "psa", "project", [{ key: "P-shut", ...project, is_active: 1 }]);
  await put(store, "erp", "project", [{ key: "P-shut", ...project, is_active: 0 }]);
  for (let n = 0; n < 2; n++) {
    await reconcile(store, { clock, config: firmConfig() }, { mode: "full" });
    clock.advance(60_000);
  }
  for (const e of await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 100 }))
    ids.set(`${e.rule} ${e.comparison}`, e.id);
});
afterAll(() => store.close());

describe("a correction", () => {
  it("goes to the side that is not the system of record, under that side's own id", async () => {
    const target = (id: string, nativeId: string) => ({
      kind: "ready",
      proposal: { targetSource: id, targetRole: id, target: { nativeId } },
    });
    expect(await proposed("ASG-03 assignments")).toMatchObject(target("erp", "erp-a"));
    expect(await proposed("ASG-03 assignments", { assignments: "erp" })).toMatchObject({
      ...target("psa", "psa-a"),
      proposal: { changes: [{ field: "allocation_pct", from: "50", to: "80" }] },
    });
    expect(await proposed("TIM-03 time")).toMatchObject(target("erp", "erp-t"));
    expect(await proposed("TIM-03 time", { time: "psa" })).toMatchObject(target("erp", "erp-t"));
    expect(await proposed("TIM-03 time", { assignments: "erp" })).toMatchObject(target("erp", "erp-t"));
  });

  it("of a time line names old and new in the target's own ids, and no other source's", async () => {
    expect(await proposed("TIM-03 time")).toMatchObject({
      missing: [],
      proposal: {
        tier: "H",
        changes: [
          { field: "hours", from: "6", to: "8" },
          { field: "task_key", from: "unlinked:old", to: "T-1" },
        ],
        refs: { "task T-1": "erp-task", "task unlinked:old": "old" },
      },
    });
    // The ERP's task is nobody else's, so the PSA's line cannot be moved to it.
    expect(reasonOf(await proposed("TIM-03 time", { time: "erp" }))).toContain("task has no counterpart");
  });

  it("closes a project in delivery when finance is right, and cannot open it in an ERP whose writer does not", async () => {
    const status = { "project-status": "erp" } as const;
    expect(await proposed("PRJ-06 project-status", status)).toMatchObject({
      proposal: {
        targetSource: "psa",
        target: { entity: "project", nativeId: "psa-P-shut" },
        changes: [{ field: "is_active", from: "1", to: "0" }],
      },
    });
    expect(reasonOf(await proposed("PRJ-06 project-status"))).toBe(
      "In erp, the project cannot be corrected by Plumbline. A person must do it there.",
    );
    const opens = { ...can, erp: { project: ["update" as const] } };
    expect(await proposed("PRJ-06 project-status", {}, opens)).toMatchObject({
      proposal: { targetSource: "erp", changes: [{ field: "is_active", from: "0", to: "1" }] },
    });
  });

  it("of a contract rate goes to whichever side holds it, if its writer can", async () => {
    expect(await proposed("RAT-02 rates-contract-erp")).toMatchObject({
      proposal: { targetSource: "erp", changes: [{ field: "rate", from: "180", to: "200" }] },
    });
    expect(reasonOf(await proposed("RAT-02 rates-contract-psa"))).toBe(
      "In psa, the rate line cannot be corrected by Plumbline. A person must do it there.",
    );
    const writers = { ...can, psa: { rate_line: ["update" as const] } };
    expect(await proposed("RAT-02 rates-contract-psa", {}, writers)).toMatchObject({
      proposal: { targetSource: "psa", changes: [{ field: "rate", from: "250", to: "300" }] },
    });
    expect(reasonOf(await proposed("RAT-02 rates-contract-erp", { "rates-contract-erp": "erp" }))).toContain(
      "The ERP is the system of record here",
    );
  });

  it("goes to nobody when the source that holds the record is no longer configured", async () => {
    const { sources, ...rest } = firmConfig();
    const config = { ...rest, sources: sources.map((s) => (s.id === "erp" ? { ...s, id: "books" } : s)) };
    expect(reasonOf(await proposed("ASG-03 assignments", {}, { books: can.erp ?? {} }, config))).toBe(
      'The record is in "erp", which the configuration no longer names as a source in the role ERP.',
    );
  });
});

describe("what a target holds", () => {
  it("is the same whether a writer says that nothing is set by null, by nothing or by no date", () => {
    const proposal = {
      action: "update",
      changes: [
        { field: "end_on", from: null, to: "2026-12-31" },
        { field: "note", from: null, to: "Design" },
      ],
    } as unknown as Proposal;
    const snapshot = (end_on: string | null, note: string | null) => ({
      exists: true,
      nativeId: "1",
      values: { end_on, note },
      token: null,
      locked: null,
    });
    for (const [end, note] of [
      [null, null],
      ["1970-01-01", ""],
    ] as const)
      expect(holds(proposal, snapshot(end, note), "from")).toBe(true);
    expect(holds(proposal, snapshot("2026-12-30", null), "from")).toBe(false);
    expect(holds(proposal, snapshot("2026-12-31", "Design"), "to")).toBe(true);
  });
});
