/** Both systems as the firm left them: everything is read, everything agrees, and one engagement can be followed from sale to bill. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkSources } from "#ingest/run";
import { rows } from "../support/ingest-state.ts";
import { at } from "./seed/firm.ts";
import { expectOnly } from "./support/standing.ts";
import { openWorld, type World } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("vanilla");
}, 120_000);
afterAll(() => world?.close());

describe("the firm's systems as they are", () => {
  it("can be connected, with everything the configuration names", async () => {
    const checks = await checkSources(world.sources);
    expect(
      checks.flatMap((c) => c.results.filter((r) => !r.ok).map((r) => `${c.sourceId}: ${r.message}`)),
    ).toEqual([]);
    const said = checks.flatMap((c) => c.results.map((r) => r.message)).join("\n");
    // What vanilla packages do not keep is said, not found out later.
    expect(said).toMatch(/timesheet\.line|time/i);
  });

  it("are read whole: each stream brings as many records as the system says it has", async () => {
    const report = await world.read({ mode: "full" });
    const read = new Map(report.streams.map((s) => [`${s.sourceId} ${s.stream}`, s.ok ? s.report : null]));
    const { redmine, tryton } = world;
    const total = async (path: string) =>
      (await redmine.get<{ total_count: number }>(`${path}limit=1`)).total_count;
    const tracker = (name: string) =>
      `/issues.json?status_id=*&tracker_id=${at(world.side.redmine.trackers, name)}&`;
    const count = (model: string, domain: readonly unknown[] = []) =>
      tryton.call<number>(model, "search_count", [domain]);
    const expected: Record<string, number> = {
      "redmine projects": await total("/projects.json?"),
      "redmine tasks": await total(tracker("Task")),
      "redmine allocations": await total(tracker("Allocation")),
      "redmine rate_lines": await total(tracker("Rate card line")),
      "redmine time_entries": await total("/time_entries.json?"),
      "tryton-crm party.party": await count("party.party"),
      "tryton-crm sale.sale": await count("sale.sale"),
      "tryton-crm sale.opportunity": await count("sale.opportunity"),
      "tryton-erp party.party": await count("party.party"),
      "tryton-erp company.employee": await count("company.employee"),
      "tryton-erp product.price_list": await count("product.price_list"),
      "tryton-erp product.price_list.line": await count("product.price_list.line"),
      "tryton-erp project.work": await count("project.work"),
      "tryton-erp project.allocation": await count("project.allocation"),
      "tryton-erp timesheet.line": await count("timesheet.line"),
      "tryton-erp account.invoice": await count("account.invoice", [["type", "=", "out"]]),
    };
    for (const [name, records] of Object.entries(expected)) {
      expect(records, name).toBeGreaterThan(0);
      expect(read.get(name)?.read, name).toBe(records);
    }
    expect([...read].flatMap(([name, r]) => (r && r.rejected > 0 ? [`${name}: ${r.rejected}`] : []))).toEqual(
      [],
    );
  });

  it("agree: a full reconciliation opens nothing", async () => {
    await expectOnly(world, []);
  });

  it("hold each engagement once, from the sale to the bill", async () => {
    const found = await rows(world.store, "SELECT * FROM correlation ORDER BY project_key");
    const { engagements, invoice } = world.side.tryton;
    expect(found.map((r) => r.project_key)).toEqual(Object.keys(engagements).sort());
    for (const row of found) {
      const engagement = at(engagements, String(row.project_key));
      expect(row).toMatchObject({
        erp_project_id: String(engagement.project),
        is_in_erp: 1,
        customer_key: at(world.side.redmine.engagements, String(row.project_key)).client,
        opportunity_key: engagement.opportunityNumber,
      });
      expect(Number(row.invoices)).toBe(row.project_key === invoice.engagement ? 1 : 0);
    }
  });

  it("agree on every line of time, task, booking and person by key", async () => {
    // User 1 is Redmine's administrator, who is nobody's employee.
    for (const [table, roles] of [
      ["time_entry", ["erp", "psa"]],
      ["task", ["erp", "psa"]],
      ["assignment", ["erp", "psa"]],
      ["resource", ["erp", "psa"]],
    ] as const) {
      const keys = await rows(
        world.store,
        `SELECT key, arraySort(groupArray(toString(role))) AS roles FROM ${table} FINAL
         WHERE is_deleted = 0 AND (key != 'unlinked:1' OR '${table}' != 'resource') GROUP BY key`,
      );
      expect(keys.length, table).toBeGreaterThan(2);
      expect(
        keys.filter((k) => String(k.roles) !== String(roles) && k.key !== ""),
        table,
      ).toEqual([]);
    }
  });

  it("changes nothing when read again", async () => {
    const before = await rows(world.store, "SELECT count() AS n FROM raw_record");
    await world.read({ mode: "full" });
    expect(await rows(world.store, "SELECT count() AS n FROM raw_record")).toEqual(before);
  });
});
