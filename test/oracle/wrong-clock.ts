/**
 * One vendor's clock goes wrong by more than `clockSkew` allows for, and a record is written by it. That must be told (SYS-06), and
 * nothing else may open or resolve for it.
 */
import { ingestAll } from "#ingest/run";
import { reconcile } from "#reconcile/run";
import { NETSUITE_INTEGRATION, userOf } from "#sandbox/firm/actors";
import { idOf } from "#sandbox/firm/replay";
import { openSales } from "./contested.ts";
import type { Deps, Vendor } from "./season.ts";

const MINUTE = 60_000;

export async function wrongClock(deps: Deps, ahead: Record<Vendor, number>): Promise<void> {
  const { store, sources, config, clock, random, judge } = deps;
  const vendor = random.pick(["salesforce", "netsuite"] as const);
  ahead[vendor] = random.int(15, 25) * MINUTE;
  if (vendor === "salesforce") sellForMore(deps);
  else promote(deps);
  // The change log that tells of the write is dated by the same clock. In Salesforce its stream begins with the same word.
  const dated =
    vendor === "salesforce" ? ["salesforce|Opportunity"] : ["netsuite|employee", "netsuite|systemnote"];
  for (const stream of dated) judge.expectGate("SYS-06", stream, false);
  const report = await ingestAll(store, sources, { clock });
  if (!report.ok) throw new Error("reading failed with a clock gone wrong");
  for (let turn = 0; turn < 2; turn++)
    await reconcile(store, { clock, config, sources }, { mode: turn === 0 ? "auto" : "full" });
}

function sellForMore(deps: Deps): void {
  const { sandbox, random } = deps;
  const { org, stores } = sandbox;
  const id = idOf(stores.salesforceIds, random.pick(openSales(deps)).id);
  const mark = { at: org.clock.now(), by: userOf(stores.salesforceIds, "sales") };
  stores.salesforce.write("Opportunity", id, { Amount: `${random.int(60, 500)}500.00` }, mark);
}

/** A person nothing is wrong with: a new title, which nobody compares. */
function promote({ sandbox: { firm, account, stores, truth }, random }: Deps): void {
  const named = new Set([...truth.planted, ...truth.nearMisses].map((t) => t.key));
  const person = random.pick(firm.people.filter((p) => !named.has(p.employeeNo)));
  const id = idOf(stores.netsuiteIds, person.id);
  const mark = { at: account.clock.now(), by: NETSUITE_INTEGRATION };
  stores.netsuite.write("employee", id, { title: `Senior ${person.role}` }, mark);
}
