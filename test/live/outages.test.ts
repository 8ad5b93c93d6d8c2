/** A system that goes away while it is read: what is said, what is kept, and that nothing is lost, doubled or resolved by it. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PlumblineConfig } from "#core/config";
import { systemClock } from "#core/time";
import { reconcile } from "#reconcile/run";
import { count, rows } from "../support/ingest-state.ts";
import { type LoadedTime, loadTime, unloadTime } from "./bulk/time.ts";
import { at, setWorkPrice } from "./support/acts.ts";
import { note } from "./support/figures.ts";
import { expectOnly, standing, statusOf, theOne } from "./support/standing.ts";
import { laterClock, openWorld, type World } from "./support/world.ts";

const ENTRIES = 1500;
let world: World;
let loaded: LoadedTime;

/** Small pages, so that there is something to interrupt. */
function smallPages(config: PlumblineConfig): PlumblineConfig {
  const sources = config.sources.map((s) => ({
    ...s,
    settings: { ...s.settings, ...(s.vendor === "tryton" ? { pageSize: 100 } : {}) },
  }));
  return { ...config, sources };
}

beforeAll(async () => {
  world = await openWorld("vanilla", smallPages, { tries: 3, backoffMs: 50 });
  loaded = await loadTime(world.estate, "vanilla", ENTRIES);
}, 120_000);
afterEach(async () => {
  await servers("up");
  await world.restore();
});
afterAll(async () => {
  if (loaded) await unloadTime(world.estate, loaded);
  await world?.close();
});

const servers = (verb: string) => promisify(execFile)("test/live/servers.sh", [verb]);
/** End one of the servers that `servers.sh up` started and noted, and wait until it is gone. */
async function kill(name: "tryton" | "redmine-vanilla"): Promise<void> {
  const pid = readFileSync(join(world.estate.root, "run", name), "utf8").split(" ")[0] ?? "";
  process.kill(Number(pid), "SIGKILL");
  while (existsSync(`/proc/${pid}`)) await setTimeout(20);
}
const held = (source: string) =>
  count(world.store, `SELECT 1 FROM time_entry FINAL WHERE source_id = '${source}' AND is_deleted = 0`);
const everything = async () =>
  rows(
    world.store,
    "SELECT role, toUInt32(count()) AS lines, toUInt32(uniqExact(key)) AS keys, toString(sum(hours)) AS hours FROM time_entry FINAL WHERE is_deleted = 0 GROUP BY role ORDER BY role",
  );

describe("a system that goes away while it is read", () => {
  it.each([
    ["Redmine", "redmine", "time_entries", "redmine-vanilla"],
    ["Tryton", "tryton-erp", "timesheet.line", "tryton"],
  ] as const)(
    "%s: the read fails in words, and the next one goes on and ends whole",
    async (_, sourceId, stream, server) => {
      let killed: Promise<void> | undefined;
      const report = await world.read({
        sourceId,
        mayFail: true,
        onProgress(p) {
          if (p.stream !== stream || p.read < 200 || killed) return;
          killed = kill(server);
        },
      });
      expect(killed).toBeDefined();
      await killed;
      const failed = report.streams.find((s) => s.stream === stream);
      expect(failed).toMatchObject({ ok: false });
      if (failed && !failed.ok)
        expect(failed.error).toMatch(/cannot be reached|did not answer|no answer|broke off/i);
      await servers("up");
      await world.read();
      const booked = await count(
        world.store,
        `SELECT 1 FROM raw_record WHERE source_id = '${sourceId}' AND stream = '${stream}' GROUP BY native_id`,
      );
      expect(await held(sourceId)).toBe(booked);
      expect(booked).toBeGreaterThan(ENTRIES);
      expect(
        await count(
          world.store,
          `SELECT 1 FROM raw_record WHERE source_id = '${sourceId}' AND stream = '${stream}'`,
        ),
      ).toBe(booked);
    },
  );

  it("has been read whole by then: both sides hold the same hours once", async () => {
    await expectOnly(world, []);
    const [erp, psa] = await everything();
    expect({ ...erp, role: "" }).toEqual({ ...psa, role: "" });
    expect(erp?.lines).toBe(erp?.keys);
  });

  it("leaves what stands open as it is while it is away, and is told as late", async () => {
    const task = String(at(at(world.side.redmine.engagements, "kestrel-dp").tasks, "Discovery"));
    const work = at(at(world.side.tryton.engagements, "kestrel-dp").tasks, task);
    await setWorkPrice(world, work, "160", "165");
    const [open] = await expectOnly(world, [
      { rule: "RAT-02", comparison: "project-prices", key: `work:${work}`, kind: "mismatch" },
    ]);
    // Put right in the system, and the system gone before anybody has read it.
    await world.restore();
    await kill("tryton");
    const report = await world.read({ mayFail: true });
    expect(report.streams.filter((s) => s.sourceId === "redmine" && !s.ok)).toEqual([]);
    expect(report.streams.some((s) => s.sourceId === "tryton-erp" && !s.ok)).toBe(true);
    const { store, config, sources } = world;
    const runs = await reconcile(store, { clock: laterClock, config, sources }, { mode: "full" });
    expect(runs.find((r) => r.comparison === "project-prices")).toMatchObject({
      status: "inconclusive",
      why: "stale_source",
      events: { resolved: 0, opened: 0 },
    });
    const now = await standing(world);
    expect(now.some((e) => e.rule === "SYS-01" && e.key.startsWith("tryton-erp|"))).toBe(true);
    expect(await statusOf(world, open?.id ?? "")).toBe("open");
    await servers("up");
    await expectOnly(world, []);
    expect(await statusOf(world, theOne([...(open ? [open] : [])], "RAT-02").id)).toBe("resolved");
  });

  it("reads at the rate these servers give", async () => {
    for (const [system, sourceId, stream] of [
      ["Tryton", "tryton-erp", "timesheet.line"],
      ["Redmine", "redmine", "time_entries"],
    ] as const) {
      const from = systemClock.now();
      const report = await world.read({ sourceId, stream, mode: "full" });
      const read = report.streams.reduce((n, s) => n + (s.ok ? s.report.read : 0), 0);
      expect(read).toBeGreaterThan(ENTRIES);
      note(`read time of ${system}, as packaged`, read, systemClock.now() - from);
    }
  });
});
