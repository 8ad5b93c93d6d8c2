/** A year of time in both systems with differences planted in it: each is found, nothing else is, and how long it takes. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#core/time";
import { count } from "../support/ingest-state.ts";
import { type PlantedDrift, plantDrift } from "./bulk/drift.ts";
import { type LoadedTime, loadTime, unloadTime } from "./bulk/time.ts";
import { duration } from "./clients/tryton.ts";
import { linesOf } from "./support/acts.ts";
import { note } from "./support/figures.ts";
import { expectOnly, standing } from "./support/standing.ts";
import { openWorld, type World } from "./support/world.ts";

const ENTRIES = 25_000;
const PER_DRIFT = 20;
let world: World;
let loaded: LoadedTime;
let planted: PlantedDrift[];

beforeAll(async () => {
  world = await openWorld("addons");
  const from = systemClock.now();
  loaded = await loadTime(world.estate, "addons", ENTRIES);
  planted = await plantDrift(world.estate, loaded, PER_DRIFT);
  note("load time into both systems", 2 * ENTRIES, systemClock.now() - from);
}, 300_000);
afterEach(() => world.restore());
afterAll(async () => {
  if (loaded) await unloadTime(world.estate, loaded);
  await world?.close();
});

const expected = () => planted.map(({ rule, key, kind }) => ({ rule, comparison: "time", key, kind }));

describe("a year of time", () => {
  it("is read whole from both systems", async () => {
    for (const { config, source } of world.sources)
      for (const stream of source.streams) {
        const from = systemClock.now();
        const report = await world.read({ sourceId: config.id, stream: stream.name });
        const read = report.streams.reduce((n, s) => n + (s.ok ? s.report.read : 0), 0);
        if (read > ENTRIES / 2)
          note(`first read of ${config.id} ${stream.name}`, read, systemClock.now() - from);
      }
    const lines = (role: string) =>
      count(world.store, `SELECT 1 FROM time_entry FINAL WHERE role = '${role}' AND is_deleted = 0`);
    const gone = (kind: string) => planted.filter((p) => p.kind === kind && p.drift !== "rejected").length;
    const seeded = Object.values(world.side.redmine.engagements).reduce(
      (n, e) => n + e.timeEntries.length,
      0,
    );
    expect(await lines("psa")).toBe(ENTRIES + seeded - gone("missing_left"));
    expect(await lines("erp")).toBe(ENTRIES + seeded - gone("missing_right"));
  });

  it("is compared: every planted difference is found, and nothing else", async () => {
    const from = systemClock.now();
    const runs = await world.compareLater();
    note(
      "all comparisons, in full",
      runs.reduce((n, r) => n + r.keys, 0),
      systemClock.now() - from,
    );
    await expectOnly(world, expected());
  });

  it.each(["Redmine", "Tryton"])(
    "gets one more difference in %s, and shows it at the next turn",
    async (system) => {
      const key = String(loaded.first + 7);
      const [line] = await linesOf(world, key);
      const { time_entry } = await world.redmine.get<{ time_entry: { hours: number } }>(
        `/time_entries/${key}.json`,
      );
      const setEntry = (hours: number) =>
        world.redmine.put(`/time_entries/${key}.json`, { time_entry: { hours } });
      const setLine = (hours: number) =>
        world.tryton.write("timesheet.line", [line as number], { duration: duration(hours * 3600) });
      const set = system === "Redmine" ? setEntry : setLine;
      world.afterwards(() => set(time_entry.hours));
      const from = systemClock.now();
      await set(time_entry.hours + 0.5);
      await world.read({ mode: "incremental" });
      const read = systemClock.now();
      await world.compareLater();
      const found = await standing(world);
      note(`from a change in ${system} until it is read`, 0, read - from);
      note(`from a change in ${system} to its exception`, 0, systemClock.now() - from);
      expect(found.filter((e) => e.key === key)).toMatchObject([
        { rule: "TIM-03", kind: "mismatch", status: "open" },
      ]);
      expect(found).toHaveLength(planted.length + 1);
    },
  );
});
