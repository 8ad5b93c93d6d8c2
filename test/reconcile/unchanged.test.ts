/** What cannot have changed is not compared again, its run says so, and whatever was missed by that is told by the next full run. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { ENTITIES } from "#core/entities";
import { COMPARISONS } from "#reconcile/comparisons/index";
import { RULES } from "#reconcile/rules/index";
import type { RunReport } from "#reconcile/run";
import { statementsOf } from "#reconcile/steps";
import { latestRuns } from "#sql/queries/runs";
import { chString, compiledQuery } from "#sql/query";
import { readsOf } from "#sql/view-reads";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";
import { HOUR, type Months, months } from "./months.ts";
import { put, putEngagement, timeLine, touch } from "./seed.ts";

let store: TestStore;
let firm: Months;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await truncateAll(store);
  firm = months(store);
});

/** The comparison `projects` (PRJ-01, PRJ-03) at its next turn, between full runs. */
const turn = async (rules = ["PRJ-03"], mode: "auto" | "incremental" | "full" = "auto") =>
  firm.run({ rules, mode });
const wasMade = (report: RunReport | undefined) => report?.why !== "unchanged";

const project = {
  is_active: 1,
  is_billable: 1,
  code: "A",
  start_on: "2026-01-05",
  end_on: "2026-12-31",
  currency: "USD",
};
const putBoth = async (erp: Record<string, unknown> = {}) => {
  await put(store, "psa", "project", [{ key: "P", ...project }]);
  await put(store, "erp", "project", [{ key: "P", ...project, ...erp }]);
};

describe("whatever a small comparison rests on", () => {
  it("notes its changes, so that none must be made at every turn", () => {
    // A table that is called like a column would count as read (see sql/view-reads.ts).
    const noted = new Set<string>([...ENTITIES, "exchange_rate", "over_cap_time"]);
    const own = new Set(["finding", "find_step", "verdict", "comparison_run"]);
    for (const comparison of COMPARISONS.filter((c) => c.find === "direct")) {
      const { countSides, judgeAll, verdicts } = statementsOf(comparison, RULES);
      const { tables } = readsOf([countSides, judgeAll, ...verdicts.map((v) => v.sql)]);
      expect(
        [...tables].filter((t) => !noted.has(t) && !own.has(t)),
        comparison.id,
      ).toEqual([]);
    }
  });
});

describe("a comparison of which nothing has changed", () => {
  it("is not made again, and its run carries the outcome and the new times", async () => {
    await putBoth();
    const { projects: first } = await turn();
    const { projects } = await turn();
    expect(first).toMatchObject({ mode: "full", why: "", keys: 1, status: "clean" });
    expect(projects).toMatchObject({
      mode: "incremental",
      why: "unchanged",
      status: "clean",
      keys: 1,
      counts: { match: 1 },
    });
    expect(projects?.detail).toContain("since the full run of 2026-06-15 13:00 UTC");
    expect(projects?.asOf.left).toBe("2026-06-15T14:00:00.000Z");
    const [stored] = await store.query(latestRuns, {});
    expect(stored).toMatchObject({ why: "unchanged", left_rows: 1, right_rows: 1, keys: 1, matched: 1 });
  });

  it("keeps its failures standing, and those that hang on them absorbed", async () => {
    const of = await putEngagement(store, "X", { inErp: false });
    await put(store, "psa", "assignment", [
      {
        key: "A",
        project_key: of.project,
        resource_key: of.person,
        start_on: "2026-05-01",
        end_on: "2026-09-30",
        allocation_pct: "100",
        is_active: 1,
        is_billable: 1,
      },
    ]);
    const rules = ["PRJ-01", "ASG-01"];
    for (let n = 0; n < 3; n++) await turn(rules);
    const { projects, assignments } = await turn(rules);
    expect([wasMade(projects), wasMade(assignments)]).toEqual([false, false]);
    expect(assignments).toMatchObject({ status: "exceptions", counts: { missing_right: 1 } });
    expect(await firm.statuses()).toEqual({ [of.project]: "open", A: "absorbed" });
  });

  it("is made again when a person asks for everything", async () => {
    await putBoth();
    await turn();
    expect(wasMade((await turn(["PRJ-03"], "full")).projects)).toBe(true);
    firm.clock.advance(6 * HOUR);
    expect(wasMade((await turn()).projects)).toBe(true);
  });
});

describe("a comparison is made again", () => {
  it("when a record of an entity it reads was touched, of whichever key", async () => {
    await putBoth();
    await turn();
    await put(store, "erp", "project", [{ key: "P", ...project, code: "B" }]);
    await touch(store, "project", ["somewhere else"], firm.now());
    const { projects } = await turn();
    expect(projects).toMatchObject({
      mode: "full",
      why: "",
      counts: { mismatch: 1 },
      missedByIncremental: 0,
    });
  });

  it("not when only others were touched, unless its failures are priced by them", async () => {
    await putBoth();
    await turn();
    await touch(store, "time_entry", ["t"], firm.now());
    expect(wasMade((await turn()).projects)).toBe(false);
    // PRJ-01 holds up the lines booked on the project.
    const of = await putEngagement(store, "X", { inErp: false });
    await touch(store, "project", [of.project], firm.now());
    await turn(["PRJ-01"]);
    await put(store, "psa", "time_entry", [timeLine("t", of)]);
    await touch(store, "time_entry", ["t"], firm.now());
    const { projects } = await turn(["PRJ-01"]);
    expect(projects).toMatchObject({ why: "", events: { changed: 1 } });
    expect(await firm.detail("PRJ-01")).toMatchObject({ money: "1600" });
  });

  it("when what it waits for is a matter of time: settling, a second failure, another day", async () => {
    await putBoth({ code: "B", changed_at: "2026-06-15T09:30:00.000Z" });
    expect((await turn()).projects).toMatchObject({ counts: { pending: 1 } });
    expect((await turn()).projects).toMatchObject({
      why: "",
      counts: { mismatch: 1 },
      events: { suspected: 1 },
    });
    expect((await turn()).projects).toMatchObject({ why: "", events: { opened: 1 } });
    expect((await turn()).projects).toMatchObject({ why: "unchanged" });
    firm.clock.advance(4 * HOUR);
    await turn();
    firm.clock.advance(4 * HOUR);
    expect((await turn()).projects).toMatchObject({ why: "", status: "exceptions" });
  });

  it("when an earlier one, whose failures explain its own, was", async () => {
    const of = await putEngagement(store, "X", { inErp: false });
    await put(store, "psa", "assignment", [
      {
        key: "A",
        project_key: of.project,
        resource_key: of.person,
        start_on: "2026-05-01",
        end_on: "2026-09-30",
        allocation_pct: "100",
        is_active: 1,
        is_billable: 1,
      },
    ]);
    const rules = ["PRJ-01", "ASG-01"];
    await turn(rules);
    await turn(rules, "full");
    const both = await turn(rules);
    expect([wasMade(both.projects), wasMade(both.assignments)]).toEqual([false, false]);
    await firm.run({ rules: ["PRJ-01"], mode: "full" });
    const after = await turn(rules);
    expect([wasMade(after.projects), wasMade(after.assignments)]).toEqual([false, true]);
  });

  it("when a source is late: then nothing is concluded at all", async () => {
    await putBoth();
    await turn();
    firm.clock.advance(HOUR);
    const { projects } = await firm.run({ rules: ["PRJ-03"], mode: "auto", outage: true });
    expect(projects).toMatchObject({ status: "inconclusive", why: "stale_source" });
    expect((await turn()).projects).toMatchObject({ why: "", status: "clean" });
  });
});

const alarms = compiledQuery({
  name: "test.alarms",
  sql: "SELECT key, status, JSONExtractString(evidence, 'detail', 'message') AS message FROM exception WHERE rule = 'SYS-02'",
  params: z.object({}),
  row: z.object({ key: chString, status: chString, message: chString }),
});

describe("a change that nothing noted", () => {
  it("is missed between full runs, found by the next, and told as an alarm until one finds nothing missed", async () => {
    await putBoth();
    await turn();
    await put(store, "erp", "project", [{ key: "P", ...project, code: "B" }]);
    expect((await turn()).projects).toMatchObject({ why: "unchanged", status: "clean" });
    const { projects } = await turn(["PRJ-03"], "full");
    expect(projects).toMatchObject({ missedByIncremental: 1, counts: { mismatch: 1 }, status: "exceptions" });
    const [alarm] = await store.query(alarms, {});
    expect(alarm).toMatchObject({ key: "missed|projects", status: "open" });
    expect(alarm?.message).toContain("found 1 key that came out otherwise");
    // Runs that prove nothing leave it standing.
    await turn();
    expect(await store.query(alarms, {})).toMatchObject([{ status: "open" }]);
    expect((await turn(["PRJ-03"], "full")).projects).toMatchObject({ missedByIncremental: 0 });
    expect(await store.query(alarms, {})).toMatchObject([{ status: "resolved" }]);
  });

  it("is told of time lines too", async () => {
    const of = await putEngagement(store, "X");
    await put(store, "psa", "time_entry", [timeLine("t", of)]);
    await put(store, "erp", "time_entry", [timeLine("t", of)]);
    await turn(["TIM-03"]);
    await put(store, "erp", "time_entry", [timeLine("t", of, { hours: "6" })]);
    await turn(["TIM-03"]);
    expect(await store.query(alarms, {})).toEqual([]);
    expect((await turn(["TIM-03"], "full")).time).toMatchObject({ missedByIncremental: 1 });
    expect(await store.query(alarms, {})).toMatchObject([{ key: "missed|time", status: "open" }]);
    await turn(["TIM-03"], "full");
    expect(await store.query(alarms, {})).toMatchObject([{ status: "resolved" }]);
  });
});
