/**
 * Two people set the amount of one sale back and forth within the hour. That must be told (SYS-05), and nothing else may open or
 * resolve for it.
 */
import { ingestAll } from "#ingest/run";
import { reconcile } from "#reconcile/run";
import { userOf } from "#sandbox/firm/actors";
import type { Opportunity } from "#sandbox/firm/model";
import { idOf } from "#sandbox/firm/replay";
import type { Deps } from "./season.ts";

const MINUTE = 60_000;

/** Sales that are still being talked about: no rule looks at them yet. */
export function openSales({ sandbox: { firm } }: Pick<Deps, "sandbox">): Opportunity[] {
  return firm.opportunities.filter((o) => !o.stages.at(-1)?.stage.startsWith("Closed"));
}

export async function contested(deps: Deps): Promise<void> {
  const { store, sandbox, sources, config, clock, random, judge } = deps;
  const { org, stores } = sandbox;
  const id = idOf(stores.salesforceIds, random.pick(openSales(deps)).id);
  const amounts = [random.int(60, 500), random.int(501, 900)].map((n) => `${n}250.00`);
  const [sales, legal] = ["sales", "legal"].map((desk) => userOf(stores.salesforceIds, desk));
  for (const [n, by] of [sales, legal, sales, legal].entries())
    stores.salesforce.write(
      "Opportunity",
      id,
      { Amount: amounts[n % 2] ?? "" },
      { at: org.clock.now() - (4 - n) * MINUTE, by: by ?? "" },
    );
  judge.expectGate("SYS-05", `salesforce|opportunity|${id}|amount`, false);
  const report = await ingestAll(store, sources, { clock });
  if (!report.ok) throw new Error("reading failed while two people wrote");
  await reconcile(store, { clock, config, sources }, { mode: "auto" });
}
