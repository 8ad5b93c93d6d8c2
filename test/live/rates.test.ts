/** Rates that drift from the signed contract, in each of the places that hold one, and how they are put right. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { at, hoursOf, money, rateOf, setIssueField, setWorkPrice } from "./support/acts.ts";
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

describe("a rate that is not the contract's", () => {
  it("on a task in Tryton is found with the money it costs, and set back", async () => {
    const task = String(at(at(world.side.redmine.engagements, "kestrel-dp").tasks, "Discovery"));
    const work = at(at(world.side.tryton.engagements, "kestrel-dp").tasks, task);
    await setWorkPrice(world, work, "160", "165");
    const found = await expectOnly(world, [
      {
        rule: "RAT-02",
        comparison: "project-prices",
        key: `work:${work}`,
        kind: "mismatch",
        money: money(5 * hoursOf("kestrel-dp", "Senior Consultant", { uninvoiced: true })),
      },
    ]);
    const push = await pushThrough(world, pushDeps(world), theOne(found, "RAT-02").id);
    expect(push.proposal.changes).toMatchObject([
      { field: "rate", to: expect.stringMatching(/^165(\.0+)?$/) },
    ]);
    const held = await world.tryton.one<{ list_price: { decimal: string } }>(
      "project.work",
      [["id", "=", work]],
      ["list_price"],
    );
    expect(Number(held.list_price.decimal)).toBe(165);
  });

  it("on a client's price list in Tryton is found, and set back", async () => {
    const { priceLines } = at(world.side.tryton.customers, "C-1002");
    const line = at(priceLines, "Senior Consultant");
    const set = (formula: string) => world.tryton.write("product.price_list.line", [line], { formula });
    world.afterwards(() => set("172.50"));
    await set("170");
    const found = await expectOnly(world, [
      {
        rule: "RAT-02",
        comparison: "rates-contract-erp",
        key: "C-1002|Senior Consultant|EUR",
        kind: "mismatch",
        money: money(2.5 * hoursOf("halden-ledger", "Senior Consultant", { uninvoiced: true })),
      },
    ]);
    await pushThrough(world, pushDeps(world), theOne(found, "RAT-02").id);
    const held = await world.tryton.one<{ formula: string }>(
      "product.price_list.line",
      [["id", "=", line]],
      ["formula"],
    );
    expect(Number(held.formula)).toBe(172.5);
  });

  it("on a price list as a formula is found by its value, and left to a person", async () => {
    const line = at(at(world.side.tryton.customers, "C-1002").priceLines, "Consultant");
    const set = (formula: string) => world.tryton.write("product.price_list.line", [line], { formula });
    world.afterwards(() => set("128.75"));
    // The product's own price is 130.00.
    await set("unit_price * 0.95");
    const found = await expectOnly(world, [
      { rule: "RAT-02", comparison: "rates-contract-erp", key: "C-1002|Consultant|EUR", kind: "mismatch" },
    ]);
    await expect(execute(pushDeps(world), theOne(found, "RAT-02").id)).rejects.toThrow(/formula/);
  });

  it("on a rate card line in Redmine is found, and set back", async () => {
    const line = at(at(world.side.redmine.clients, "C-1002").rateLines, "Consultant");
    await setIssueField(world, line, "Hourly rate", "130", "128.75");
    const key = `C-1002|Consultant|EUR|${world.estate.calendar.signedOn}`;
    const found = await expectOnly(world, [
      {
        rule: "RAT-02",
        comparison: "rates-contract-psa",
        key,
        kind: "mismatch",
        money: money(
          (130 - rateOf("C-1002", "Consultant")) *
            hoursOf("halden-ledger", "Consultant", { uninvoiced: true }),
        ),
      },
    ]);
    await pushThrough(world, pushDeps(world), theOne(found, "RAT-02").id);
    const { issue } = await world.redmine.get<{
      issue: { custom_fields: { name: string; value: string }[] };
    }>(`/issues/${line}.json`);
    expect(Number(issue.custom_fields.find((f) => f.name === "Hourly rate")?.value)).toBe(128.75);
  });

  it("on a booking in Redmine is found, and left to a person", async () => {
    const engagement = at(world.side.redmine.engagements, "halden-ledger");
    const key = `${at(engagement.tasks, "Analysis")}|E005`;
    await setIssueField(world, at(engagement.allocations, key), "Hourly rate", "150", "172.50");
    const found = await expectOnly(world, [
      { rule: "ASG-04", comparison: "assignment-rates", key, kind: "mismatch" },
    ]);
    await expect(execute(pushDeps(world), theOne(found, "ASG-04").id)).rejects.toThrow(/by a person/);
  });
});
