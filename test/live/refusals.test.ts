/** What the systems refuse, in whose words a person hears of it, and that nothing was written when Plumbline says so. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { addDays } from "#core/time";
import type { Change, Snapshot, Writer } from "#ingest/connector";
import { pushExecute } from "#reconcile/push/execute";
import { pushPreview } from "#reconcile/push/preview";
import { pushShow } from "#reconcile/push/state";
import { date, decimal } from "./clients/tryton.ts";
import type { Flavour } from "./estate.ts";
import { at, bookTime, editEntry, linesOf, setWorkPrice } from "./support/acts.ts";
import { approved, execute, pushDeps } from "./support/pushing.ts";
import { expectOnly, statusOf, theOne } from "./support/standing.ts";
import { openWorld, type World, withoutLogs } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("vanilla", withoutLogs);
  await expectOnly(world, []);
}, 120_000);
afterEach(() => world.restore());
afterAll(() => world?.close());

function writerOf(of: World, sourceId: string): Writer {
  const writer = of.sources.find((s) => s.config.id === sourceId)?.source.writer;
  if (!writer) throw new Error(`${sourceId} has no writer`);
  return writer;
}
/** One field of one record, from what was just read to another value. */
function changeOf(target: Change["target"], snapshot: Snapshot, field: string, to: string): Change {
  return {
    target,
    action: "update",
    changes: [{ field, from: snapshot.values[field] ?? null, to }],
    refs: {},
    token: snapshot.token,
    idempotencyKey: `race-${to}`,
  };
}
/** The Discovery task of the first engagement, in Tryton. */
const discovery = () => {
  const task = String(at(at(world.side.redmine.engagements, "kestrel-dp").tasks, "Discovery"));
  return at(at(world.side.tryton.engagements, "kestrel-dp").tasks, task);
};
const priceOf = async (work: number) =>
  Number(
    (
      await world.tryton.one<{ list_price: { decimal: string } }>(
        "project.work",
        [["id", "=", work]],
        ["list_price"],
      )
    ).list_price.decimal,
  );

describe("Tryton", () => {
  it("somebody else's change between approval and push is a conflict, and stays", async () => {
    const work = discovery();
    await setWorkPrice(world, work, "160", "165");
    const found = await expectOnly(world, [
      { rule: "RAT-02", comparison: "project-prices", key: `work:${work}`, kind: "mismatch" },
    ]);
    const deps = pushDeps(world);
    const id = await approved(deps, theOne(found, "RAT-02").id);
    await world.tryton.write("project.work", [work], { list_price: decimal("158") });
    expect(await pushExecute(deps, id)).toMatchObject({
      status: "conflict",
      last: { actual: { rate: "158" } },
    });
    expect(await priceOf(work)).toBe(158);
    expect(await statusOf(world, theOne(found, "RAT-02").id)).toBe("open");
  });

  it("of eight writers at the same moment one wins, and the others are told of a conflict", async () => {
    const work = discovery();
    world.afterwards(() => world.tryton.write("project.work", [work], { list_price: decimal("165") }));
    const writer = writerOf(world, "tryton-erp");
    const target = { entity: "rate_line" as const, nativeId: `work:${work}`, key: `work:${work}` };
    const snapshot = await writer.read(target, ["rate"], {});
    const prices = Array.from({ length: 8 }, (_, n) => String(170 + n));
    const outcomes = await Promise.all(
      prices.map((p) => writer.write(changeOf(target, snapshot, "rate", p))),
    );
    const kinds = outcomes.map((o) => o.outcome).sort();
    expect(kinds).toEqual(["applied", ...Array.from({ length: 7 }, () => "conflict")]);
    const winner = prices[outcomes.findIndex((o) => o.outcome === "applied")];
    expect(await priceOf(work)).toBe(Number(winner));
  });

  it("time on a posted invoice is locked, and the invoice is named", async () => {
    const { billed, number } = world.side.tryton.invoice;
    const entry = billed[0] as string;
    const { time_entry } = await world.redmine.get<{ time_entry: { hours: number } }>(
      `/time_entries/${entry}.json`,
    );
    await editEntry(world, entry, time_entry.hours - 0.5, time_entry.hours);
    const found = await expectOnly(world, [
      { rule: "TIM-03", comparison: "time", key: entry, kind: "mismatch" },
    ]);
    const preview = await pushPreview(pushDeps(world), theOne(found, "TIM-03").id);
    expect(preview).toMatchObject({ kind: "ready", allowed: false });
    const guard = preview.kind === "ready" ? preview.guards.find((g) => g.name === "Not locked") : undefined;
    expect(guard).toMatchObject({ ok: false, message: expect.stringContaining(`invoiced on ${number}`) });
  });

  it("a posted invoice stays as it is, in Tryton's own words", async () => {
    const { lines, number } = world.side.tryton.invoice;
    const line = String(lines[0]);
    const writer = writerOf(world, "tryton-erp");
    const target = { entity: "invoice_line" as const, nativeId: line, key: line };
    const snapshot = await writer.read(target, ["rate"], {});
    const outcome = await writer.write(changeOf(target, snapshot, "rate", "1.00"));
    expect(outcome).toMatchObject({
      outcome: "rejected",
      message: expect.stringMatching(`^You cannot modify .* because its invoice "${number}" is posted`),
    });
    expect((await writer.read(target, ["rate"], {})).values).toEqual(snapshot.values);
  });

  it("time after somebody has left is refused in Tryton's own words, and nothing is posted", async () => {
    const entry = await bookTime(world, {
      engagement: "kestrel-dp",
      task: "Discovery",
      person: "E001",
      hours: 2,
      on: world.estate.calendar.lastWorkDay,
      note: "After the last day",
    });
    const found = await expectOnly(world, [
      { rule: "TIM-01", comparison: "time", key: entry, kind: "missing_right" },
    ]);
    const { employee } = at(world.side.tryton.employees, "E001");
    world.afterwards(() => world.tryton.write("company.employee", [employee], { end_date: null }));
    await world.tryton.write("company.employee", [employee], {
      end_date: date(addDays(world.estate.calendar.lastWorkDay, -1)),
    });
    const push = await execute(pushDeps(world), theOne(found, "TIM-01").id);
    expect(push).toMatchObject({ status: "rejected" });
    expect(String(push.last.message)).toContain("is not valid according to its domain");
    expect(await linesOf(world, entry)).toEqual([]);
  });
});

describe("Redmine", () => {
  /** Somebody moves the end of a booking; finance's plan is the record. Gives the exception. */
  async function movedBooking(move: (issue: number) => Promise<unknown>): Promise<string> {
    const { tasks, allocations } = at(world.side.redmine.engagements, "kestrel-dp");
    const key = `${at(tasks, "Discovery")}|E001`;
    await move(at(allocations, key));
    const found = await expectOnly(world, [
      { rule: "ASG-03", comparison: "assignments", key, kind: "mismatch" },
    ]);
    return theOne(found, "ASG-03").id;
  }

  it("time on a closed project cannot be corrected, and the project is named", async () => {
    const { timeEntries } = at(world.side.redmine.engagements, "halden-ledger");
    const entry = String(timeEntries.at(-1));
    const { time_entry } = await world.redmine.get<{ time_entry: { hours: number } }>(
      `/time_entries/${entry}.json`,
    );
    await editEntry(world, entry, time_entry.hours + 1, time_entry.hours);
    const found = await expectOnly(world, [
      { rule: "TIM-03", comparison: "time", key: entry, kind: "mismatch" },
    ]);
    const deps = pushDeps(world, { time: "erp" });
    const id = await approved(deps, theOne(found, "TIM-03").id);
    world.afterwards(() => world.redmine.put("/projects/halden-ledger/reopen.json"));
    await world.redmine.put("/projects/halden-ledger/close.json");
    const push = await pushExecute(deps, id);
    expect(push).toMatchObject({ status: "rejected" });
    expect(String(push.last.message)).toContain("Halden ledger migration is closed in Redmine");
  });

  it("a change it accepts and does not make is found by reading it back", async () => {
    const { endsOn } = world.estate.calendar;
    // Redmine takes the dates of an issue with sub-issues from those, and ignores any other without a word.
    const exception = await movedBooking(async (issue) => {
      world.afterwards(() => world.redmine.put(`/issues/${issue}.json`, { issue: { due_date: endsOn } }));
      const { id } = await world.redmine.post<{ id: number }>("/issues.json", {
        issue: {
          project_id: at(world.side.redmine.engagements, "kestrel-dp").project,
          tracker_id: at(world.side.redmine.trackers, "Task"),
          subject: "Second phase",
          parent_issue_id: issue,
          start_date: world.estate.calendar.signedOn,
          due_date: addDays(endsOn, 40),
        },
      });
      world.afterwards(() => world.redmine.delete(`/issues/${id}.json`));
    });
    const push = await execute(pushDeps(world, { assignments: "erp" }), exception);
    expect(push).toMatchObject({ status: "rejected", last: { code: "plumbline.not-kept" } });
    expect(String(push.last.message)).toContain("accepted the change but did not make it");
    expect(await statusOf(world, exception)).toBe("open");
  });

  it("somebody else's change after the approval is a conflict", async () => {
    const { endsOn } = world.estate.calendar;
    let moved = 0;
    const set = (due_date: string) => world.redmine.put(`/issues/${moved}.json`, { issue: { due_date } });
    const exception = await movedBooking(async (issue) => {
      moved = issue;
      world.afterwards(() => set(endsOn));
      await set(addDays(endsOn, 15));
    });
    const deps = pushDeps(world, { assignments: "erp" });
    const id = await approved(deps, exception);
    await set(addDays(endsOn, 30));
    await pushExecute(deps, id);
    expect(await pushShow(world.store, id)).toMatchObject({ status: "conflict" });
  });
});

describe("Redmine with its lock versions shown", () => {
  it("takes one of six changes made at the same moment, and none of the others", async () => {
    const flavour: Flavour = "addons";
    const other = await openWorld(flavour);
    try {
      const { tasks, allocations } = at(other.side.redmine.engagements, "kestrel-dp");
      const key = `${at(tasks, "Discovery")}|E001`;
      const issue = String(at(allocations, key));
      const writer = writerOf(other, "redmine");
      const target = { entity: "assignment" as const, nativeId: issue, key };
      other.afterwards(() =>
        other.redmine.put(`/issues/${issue}.json`, { issue: { due_date: other.estate.calendar.endsOn } }),
      );
      const snapshot = await writer.read(target, ["end_on"], {});
      const days = Array.from({ length: 6 }, (_, n) => addDays(other.estate.calendar.endsOn, n + 1));
      const outcomes = await Promise.all(
        days.map((d) => writer.write(changeOf(target, snapshot, "end_on", d))),
      );
      const kinds = outcomes.map((o) => o.outcome);
      expect(kinds.filter((kind) => kind === "applied")).toHaveLength(1);
      // SQLite gives one of them the lock; who waits too long for it gets an error of the server's own, which says nothing.
      for (const kind of kinds) expect(["applied", "conflict", "unknown"]).toContain(kind);
      expect(kinds).toContain("conflict");
      const { issue: now } = await other.redmine.get<{ issue: { due_date: string } }>(
        `/issues/${issue}.json`,
      );
      expect(now.due_date).toBe(days[kinds.indexOf("applied")]);
      // And once more with what was read before all that: Redmine says nothing but 422 and an empty list.
      expect(await writer.write(changeOf(target, snapshot, "end_on", "2030-01-01"))).toMatchObject({
        outcome: "conflict",
      });
    } finally {
      await other.restore();
      await other.close();
    }
  });
});
