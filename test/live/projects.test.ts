/** Projects and clients that the two systems no longer agree on: closed, renamed, or never created. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { pushPreview } from "#reconcile/push/preview";
import { at, bookTime, hoursOf, linesOf, money, rateOf, removeLinesOf } from "./support/acts.ts";
import { execute, pushDeps, pushThrough } from "./support/pushing.ts";
import { expectOnly, theOne } from "./support/standing.ts";
import { openWorld, type World, withoutLogs } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("vanilla", withoutLogs);
  await expectOnly(world, []);
}, 120_000);
afterEach(() => world.restore());
afterAll(() => world?.close());

/** A project below a client's in Redmine, with one person on it. Gone when the test ends. Gives its id. */
async function startProject(
  client: string,
  identifier: string,
  name: string,
  person: string,
): Promise<number> {
  const { redmine } = world.side;
  const { id } = await world.redmine.post<{ id: number }>("/projects.json", {
    project: {
      name,
      identifier,
      parent_id: at(redmine.clients, client).project,
      is_public: false,
      enabled_module_names: ["issue_tracking", "time_tracking"],
      tracker_ids: [at(redmine.trackers, "Task"), at(redmine.trackers, "Allocation")],
    },
  });
  world.afterwards(() => world.redmine.delete(`/projects/${identifier}.json`));
  await world.redmine.post(`/projects/${id}/memberships.json`, {
    membership: { user_id: at(redmine.users, person).id, role_ids: [redmine.memberRole] },
  });
  return id;
}
const worksOf = async (identifier: string) =>
  (await world.tryton.find("project.work", [["name", "like", `[${identifier}]%`]], ["name"])).map(
    (w) => w.id,
  );
/** Take a project out of Tryton when the test ends, whoever made it. */
function removeWorksOf(identifier: string): void {
  world.afterwards(async () => {
    const works = await worksOf(identifier);
    if (works.length > 0) await world.tryton.delete("project.work", works);
  }, "project.work");
}
const statusOf = async (identifier: string) =>
  (await world.redmine.get<{ project: { status: number } }>(`/projects/${identifier}.json`)).project.status;

describe("a project that is open on one side and closed on the other", () => {
  it("closed in Redmine: what is not billed on it is at stake, and the close in finance is left to finance", async () => {
    world.afterwards(() => world.redmine.put("/projects/halden-ledger/reopen.json"));
    await world.redmine.put("/projects/halden-ledger/close.json");
    const unbilled = ["Senior Consultant", "Consultant", "Engagement Manager"].reduce(
      (sum, role) => sum + hoursOf("halden-ledger", role, { uninvoiced: true }) * rateOf("C-1002", role),
      0,
    );
    const found = await expectOnly(world, [
      {
        rule: "PRJ-06",
        comparison: "project-status",
        key: "halden-ledger",
        kind: "mismatch",
        money: money(unbilled),
      },
    ]);
    const preview = await pushPreview(pushDeps(world), theOne(found, "PRJ-06").id);
    expect(preview).toMatchObject({ kind: "declined", reason: expect.stringContaining("finance's act") });
  });

  it("closed in Tryton: closed in Redmine too where finance is the record", async () => {
    const identifier = "kestrel-review";
    await startProject("C-1001", identifier, "Kestrel yearly review", "E001");
    removeWorksOf(identifier);
    const [work] = await world.tryton.create("project.work", {
      company: world.side.tryton.company,
      type: "project",
      name: `[${identifier}] Kestrel yearly review`,
      party: at(world.side.tryton.customers, "C-1001").party,
      timesheet_available: true,
      progress: 1,
    });
    await expectOnly(world, []);
    await world.tryton.write("project.work", [work as number], {
      status: at(world.side.tryton.workStatuses, "Done"),
    });
    const found = await expectOnly(world, [
      { rule: "PRJ-06", comparison: "project-status", key: identifier, kind: "mismatch" },
    ]);
    const { id } = theOne(found, "PRJ-06");
    // With delivery as the record Tryton would have to be opened again, which is not Plumbline's to do.
    await expect(execute(pushDeps(world), id)).rejects.toThrow(/Tryton/);
    await pushThrough(world, pushDeps(world, { "project-status": "erp" }), id);
    expect(await statusOf(identifier)).toBe(5);
  });
});

describe("a client that goes by two names", () => {
  it("is found by the agreed key, whatever the names are", async () => {
    const { identifier } = at(world.side.redmine.clients, "C-1002");
    const set = (name: string) => world.redmine.put(`/projects/${identifier}.json`, { project: { name } });
    world.afterwards(() => set("Halden Rail"));
    await set("Halden Railways plc");
    await expectOnly(world, [
      { rule: "CUS-08", comparison: "customer-names-psa", key: "C-1002", kind: "mismatch", money: null },
    ]);
  });

  it("is no difference where only case and blanks differ", async () => {
    const { identifier } = at(world.side.redmine.clients, "C-1002");
    const set = (name: string) => world.redmine.put(`/projects/${identifier}.json`, { project: { name } });
    world.afterwards(() => set("Halden Rail"));
    await set("HALDEN  Rail");
    await expectOnly(world, []);
  });
});

describe("a project that finance does not know", () => {
  it("takes its time with it into one exception, is created, and lets the time be posted", async () => {
    const identifier = "halden-pilot";
    const project = await startProject("C-1002", identifier, "Halden signalling pilot", "E005");
    removeWorksOf(identifier);
    const booked = {
      engagement: identifier,
      task: null,
      person: "E005",
      hours: 4,
      on: world.estate.calendar.lastWorkDay,
      note: "Site survey",
    };
    world.side.redmine.engagements[identifier] = {
      project,
      client: "C-1002",
      tasks: {},
      allocations: {},
      timeEntries: [],
    };
    const entry = await bookTime(world, booked);
    removeLinesOf(world, entry);
    const value = money(4 * rateOf("C-1002", "Senior Consultant"));
    // Nobody booked the person for it, in either system.
    const unbooked = {
      rule: "ASG-06",
      comparison: "booked-time",
      key: `E005|${identifier}`,
      kind: "missing_right",
      money: value,
    };
    const unknown = await expectOnly(world, [
      unbooked,
      { rule: "PRJ-01", comparison: "projects", key: identifier, kind: "missing_right", money: value },
    ]);
    await pushThrough(world, pushDeps(world), theOne(unknown, "PRJ-01").id);
    expect(await worksOf(identifier)).toHaveLength(1);
    const work = await world.tryton.one(
      "project.work",
      [["name", "=", `[${identifier}] Halden signalling pilot`]],
      ["type", "party", "timesheet_available"],
    );
    expect(work).toMatchObject({
      type: "project",
      party: at(world.side.tryton.customers, "C-1002").party,
      timesheet_available: true,
    });
    const unposted = await expectOnly(world, [
      unbooked,
      { rule: "TIM-01", comparison: "time", key: entry, kind: "missing_right", money: value },
    ]);
    await pushThrough(world, pushDeps(world), theOne(unposted, "TIM-01").id);
    expect(await linesOf(world, entry)).toHaveLength(1);
    await expectOnly(world, [unbooked]);
  });
});
