/** Writers, clocks, shapes and pushes, read from the store: what opens, at which boundary, and that it goes when the cause does. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PlumblineConfig } from "#core/config";
import { type Instant, instantOf, manualClock, msOf } from "#core/time";
import { judgeAnomalies } from "#reconcile/gates/anomalies";
import { readIntegrity } from "#reconcile/gates/integrity";
import { contestedFields } from "#reconcile/gates/ping-pong";
import { judgeWriters } from "#reconcile/gates/unknown-writers";
import { judgePushes, type PushInDoubt } from "#reconcile/gates/unproven-pushes";
import { comparedFields, fieldsOfOthers } from "#reconcile/gates/watched";
import { appendEvent, type PushEventType } from "#reconcile/push/ledger";
import { contested } from "#reconcile/push/preview";
import type { Proposal } from "#reconcile/push/proposal";
import { openTestStore, type TestStore, truncateAll } from "../../support/store.ts";
import { type Months, months, START } from "../months.ts";
import { firmConfig, insertRows } from "../seed.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = msOf(START);
const config = firmConfig();
const text = (ms: number) => instantOf(ms).replace("T", " ").slice(0, 23);

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(() => truncateAll(store));

let n = 0;
const change = (more: Record<string, unknown>) => ({
  role: "erp",
  source_id: "erp",
  entity: "project",
  native_id: "77",
  change_id: `c${n++}`,
  field: "start_on",
  old_value: "2026-01-05",
  new_value: "2026-01-12",
  actor: "Ledger Desk",
  actor_kind: "person",
  changed_at: text(NOW - HOUR),
  seen_at: text(NOW - HOUR),
  ...more,
});
const failures = async (rule: string, now = NOW) =>
  (await readIntegrity(store, config, now)).filter((f) => f.rule === rule);

describe("fields that are compared", () => {
  it("are watched where they are not right: the side that is no system of record in any comparison", () => {
    const others = fieldsOfOthers(config);
    expect(others).toContain("erp|project|start_on");
    expect(others).toContain("psa|assignment|bill_rate");
    expect(others).not.toContain("psa|project|start_on");
    // Finance looking for its own doubles does not make it right about what a client is called.
    expect(others).toContain("erp|customer|name");
    expect(comparedFields(config)).toContain("psa|project|start_on");
    // Compared as a term of the client, held by its contract.
    expect(comparedFields(config)).toContain("crm|contract|legal_entity");
    expect(comparedFields(config)).toContain("erp|time_entry|project_ref");
  });

  it("turn round with the system of record", () => {
    const turned = { ...config, systemOfRecord: { projects: "erp" as const } };
    expect(fieldsOfOthers(turned)).toContain("psa|project|start_on");
    expect(fieldsOfOthers(turned)).not.toContain("erp|project|start_on");
  });

  it("turn round by field, from the day the line begins, and belong to both where legal entities differ", () => {
    const others = (lines: PlumblineConfig["systemOfRecord"][string], on: string) =>
      fieldsOfOthers({ ...config, systemOfRecord: { projects: lines } }, on);
    const byField = [{ role: "erp", field: "start_on", from: "2026-07-01" }] as const;
    expect(others([...byField], "2026-06-30")).toContain("erp|project|start_on");
    const turned = others([...byField], "2026-07-01");
    expect(turned).toContain("psa|project|start_on");
    expect(turned).not.toContain("erp|project|start_on");
    // The rest of the comparison stays with the PSA.
    expect(turned).toContain("erp|project|end_on");
    const ofEntity = others([{ role: "erp", entity: "DE01" }], "2026-07-01");
    expect(ofEntity).not.toContain("erp|project|start_on");
    expect(ofEntity).not.toContain("psa|project|start_on");
  });
});

describe("changes by hand (SYS-04)", () => {
  it("are told of once per field and writer, with how many and the newest records", async () => {
    await insertRows(store, "change_event", [
      change({}),
      change({ native_id: "78", changed_at: text(NOW - 2 * HOUR) }),
      change({ field: "code" }),
      change({ actor: "Sync", actor_kind: "integration" }),
      change({ field: "manager" }),
      change({ source_id: "psa", role: "psa" }),
    ]);
    const found = await failures("SYS-04");
    expect(found.map((f) => f.key)).toEqual([
      "erp|project|code|Ledger Desk",
      "erp|project|start_on|Ledger Desk",
    ]);
    expect(found[1]?.affected).toEqual({ count: 2, keys: ["77", "78"], nativeIds: ["77", "78"] });
  });

  it("count for seven days, and not where a value is set for the first time", async () => {
    await insertRows(store, "change_event", [
      change({ changed_at: text(NOW - 7 * DAY + 1) }),
      change({ field: "code", changed_at: text(NOW - 7 * DAY) }),
      change({ field: "end_on", old_value: "" }),
    ]);
    expect((await failures("SYS-04")).map((f) => f.key)).toEqual(["erp|project|start_on|Ledger Desk"]);
  });

  it("are Plumbline's own where a push was written to that record at that time", async () => {
    await insertRows(store, "change_event", [
      change({ actor: "api" }),
      change({ native_id: "78", actor: "api" }),
    ]);
    await ledger("p1", "requested", NOW - 2 * HOUR, { nativeId: "77" });
    await ledger("p1", "applied", NOW - HOUR + 60_000, { nativeId: "77" });
    const [found, ...others] = await failures("SYS-04");
    expect(others).toEqual([]);
    expect(found?.affected?.nativeIds).toEqual(["78"]);
  });

  it("are measured against the source's list where it has one, integrations too", () => {
    const listed = {
      sources: config.sources.map((s) => ({ ...s, knownWriters: s.id === "erp" ? ["Ledger Desk"] : [] })),
    };
    const writer = {
      source_id: "erp",
      entity: "project",
      field: "code",
      actor: "Ledger Desk",
      actor_kind: "person" as const,
      changes: 1,
      newest_at: START,
      native_ids: ["1"],
    };
    expect(judgeWriters(listed, [writer])).toEqual([]);
    expect(judgeWriters(listed, [{ ...writer, actor: "Other", actor_kind: "integration" }])).toHaveLength(1);
    expect(judgeWriters(config, [{ ...writer, actor: "", actor_kind: "unknown" }])).toHaveLength(1);
  });
});

describe("a value set back and forth (SYS-05)", () => {
  const turned = [
    change({ changed_at: text(NOW - 3 * HOUR) }),
    change({
      changed_at: text(NOW - 2 * HOUR),
      old_value: "2026-01-12",
      new_value: "2026-01-05",
      actor: "Sync",
    }),
    change({ changed_at: text(NOW - HOUR) }),
  ];
  it("opens at the third turn, not at the second", async () => {
    await insertRows(store, "change_event", turned.slice(0, 2));
    expect(await failures("SYS-05")).toEqual([]);
    await insertRows(store, "change_event", turned.slice(2));
    expect((await failures("SYS-05")).map((f) => f.key)).toEqual(["erp|project|77|start_on"]);
  });

  it("refuses pushes to that field of that record, and no others, until a day after", async () => {
    await insertRows(store, "change_event", turned);
    const clock = manualClock(START);
    const deps = { store, clock, config, sources: [] };
    const guard = await contested(deps, proposal({}));
    expect(guard.ok).toBe(false);
    expect(guard.message).toContain("set by Ledger Desk and Sync");
    expect((await contested(deps, proposal({ nativeId: "78" }))).ok).toBe(true);
    expect((await contested(deps, proposal({ field: "end_on" }))).ok).toBe(true);
    clock.advance(23 * HOUR);
    expect((await contested(deps, proposal({}))).ok).toBe(false);
    clock.advance(1);
    expect((await contested(deps, proposal({}))).ok).toBe(true);
  });

  it("counts a push that no change log shows", async () => {
    await insertRows(store, "change_event", [turned[0], turned[2]] as never);
    expect(await contestedFields(store, config, NOW)).toEqual([]);
    await ledger("p1", "requested", NOW - 3 * HOUR, {});
    await ledger("p1", "applied", NOW - 2 * HOUR, {});
    const [found] = await contestedFields(store, config, NOW);
    expect(found?.turns.map((t) => t.writer)).toEqual(["Ledger Desk", "Plumbline", "Ledger Desk"]);
  });
});

describe("clocks and shapes (SYS-06)", () => {
  const raw = (id: string, aheadMs: number, fetched = NOW - HOUR) => ({
    source_id: "erp",
    stream: "job",
    native_id: id,
    raw_id: `${id}-${fetched}`,
    changed_at: text(fetched + aheadMs),
    fetched_at: text(fetched),
    payload: "{}",
  });
  it("allow a clock to be five minutes ahead and no millisecond more", async () => {
    await insertRows(store, "raw_record", [raw("1", 300_000)]);
    expect(await failures("SYS-06")).toEqual([]);
    await insertRows(store, "raw_record", [raw("2", 300_001)]);
    const [found] = await failures("SYS-06");
    expect(found).toMatchObject({ key: "erp|job", affected: { count: 1, nativeIds: ["2"] } });
  });

  it("forget a record once it was read again with a sound date", async () => {
    await insertRows(store, "raw_record", [raw("2", HOUR), raw("2", -HOUR, NOW)]);
    expect(await failures("SYS-06")).toEqual([]);
  });

  it("allow each source what its configuration allows", async () => {
    await insertRows(store, "raw_record", [raw("1", 400_000)]);
    const wide = { ...config, sources: config.sources.map((s) => ({ ...s, clockSkew: "10m" })) };
    expect((await readIntegrity(store, wide, NOW)).filter((f) => f.rule === "SYS-06")).toEqual([]);
  });

  it("tell of fields that are gone, and for seven days of fields of another kind", async () => {
    const notice = (field: string, kind: string, at: number) => ({
      source_id: "erp",
      stream: "job",
      field,
      kind,
      detail: "text",
      at: text(at),
    });
    await insertRows(store, "schema_notice", [
      notice("gone", "missing", NOW - 30 * DAY),
      notice("fresh", "retyped", NOW - 7 * DAY + 1),
      notice("old", "retyped", NOW - 7 * DAY),
      notice("more", "new", NOW),
    ]);
    const [found] = await failures("SYS-06");
    expect(found?.affected?.keys).toEqual(["fresh", "gone"]);
    await insertRows(store, "schema_notice", [notice("gone", "known", NOW), notice("fresh", "known", NOW)]);
    expect(await failures("SYS-06")).toEqual([]);
  });

  it("pass over fields that no record is translated from", () => {
    const notices = [
      { source_id: "erp", stream: "job", field: "colour", kind: "retyped" as const, detail: "x" },
    ];
    const source = (fields: string[]) => [
      { config: { id: "erp" }, source: { streams: [{ name: "job", yields: "project" as const, fields }] } },
    ];
    expect(judgeAnomalies(config, [], notices, source(["id"]))).toEqual([]);
    expect(judgeAnomalies(config, [], notices, source(["colour.id"]))).toHaveLength(1);
  });
});

describe("pushes not confirmed (SYS-07)", () => {
  const push = (status: PushInDoubt["status"], appliedAt: Instant | null): PushInDoubt => ({
    id: "p",
    rule: "PRJ-01",
    status,
    changedAt: appliedAt ?? START,
    appliedAt,
    proposal: {
      targetSource: "erp",
      action: "create",
      target: { entity: "project", nativeId: null, key: "P" },
    },
  });
  it("are those of unknown outcome at once, and written ones after three times the source's age", () => {
    expect(judgePushes(config, [push("unknown", null)], NOW)).toHaveLength(1);
    const written = (age: number) => judgePushes(config, [push("applied", instantOf(NOW - age))], NOW);
    expect(written(90 * 60_000)).toEqual([]);
    expect(written(90 * 60_000 + 1)).toHaveLength(1);
    expect(judgePushes(config, [push("started", instantOf(NOW - HOUR))], NOW)).toEqual([]);
    expect(judgePushes(config, [push("started", instantOf(NOW - 2 * HOUR))], NOW)).toHaveLength(1);
  });

  it("say that nothing is created again by itself", () => {
    expect(judgePushes(config, [push("unknown", null)], NOW)[0]?.message).toContain("not created again");
  });

  it("open as exceptions and are resolved once the push is verified", async () => {
    const firm: Months = months(store);
    await ledger("p9", "requested", NOW - 3 * HOUR, {});
    await ledger("p9", "applied", NOW - 2 * HOUR, {});
    await firm.run({ rules: ["PRJ-01"] });
    expect(await firm.statuses("SYS-07")).toEqual({ "erp|p9": "open" });
    await ledger("p9", "verified", NOW, {});
    await firm.run({ rules: ["PRJ-01"] });
    expect(await firm.statuses("SYS-07")).toEqual({ "erp|p9": "resolved" });
  });
});

describe("these exceptions", () => {
  it("open at the second run when they are not severe, hold no comparison back, and resolve with their cause", async () => {
    const firm: Months = months(store);
    await insertRows(store, "change_event", [change({})]);
    const first = await firm.run({ rules: ["PRJ-01"] });
    expect(first.projects?.status).toBe("clean");
    expect(await firm.statuses("SYS-04")).toEqual({ "erp|project|start_on|Ledger Desk": "suspected" });
    await firm.run({ rules: ["PRJ-01"] });
    expect(await firm.statuses("SYS-04")).toEqual({ "erp|project|start_on|Ledger Desk": "open" });
    firm.clock.advance(7 * DAY);
    await firm.run({ rules: ["PRJ-01"] });
    expect(await firm.statuses("SYS-04")).toEqual({ "erp|project|start_on|Ledger Desk": "resolved" });
  });
});

function proposal({ nativeId = "77", field = "start_on" }: { nativeId?: string; field?: string }): Proposal {
  return {
    exceptionId: "e",
    rule: "PRJ-08",
    comparison: "projects",
    targetRole: "erp",
    targetSource: "erp",
    target: { entity: "project", nativeId, key: "P" },
    action: "update",
    changes: [{ field, from: "2026-01-12", to: "2026-01-05" }],
    refs: {},
    because: "test",
    tier: "M",
    undoOf: "",
  };
}

async function ledger(id: string, type: PushEventType, at: number, of: { nativeId?: string }) {
  await appendEvent(
    store,
    { now: () => at },
    {
      push_id: id,
      type,
      actor: "plumbline",
      exception_id: "e",
      rule: "PRJ-08",
      target_source: "erp",
      target_entity: "project",
      target_native_id: of.nativeId ?? "77",
      undo_of: "",
      detail: type === "requested" ? proposal(of) : {},
    },
  );
}
