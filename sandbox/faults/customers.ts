/** Clients whose name the ERP has another way, and names that only look different. */
import type { Client } from "../firm/model.ts";
import { type Planting, settledAfter } from "./planting.ts";

const NAME_SLIPS: readonly [(name: string) => string, string][] = [
  [(name) => `${name} Holdings`, "took its parent's name"],
  [(name) => name.slice(0, -1), "lost its last letter"],
  [(name) => name.replaceAll(" ", ""), "was typed as one word"],
];

export function plantCustomers({ plan, stores, sf, ns, faults, settled, byHand }: Planting): void {
  for (const [n, client] of plan.customers.renamed.entries()) {
    const [slip, how] = NAME_SLIPS[n % NAME_SLIPS.length] as (typeof NAME_SLIPS)[number];
    stores.netsuite.write("customer", ns(client.id), { companyName: slip(client.name) }, byHand(settled()));
    faults.push({
      rule: "CUS-08",
      comparison: "customer-names-erp",
      key: sf(client.id),
      kind: "mismatch",
      fields: ["name"],
      story: `${client.name} ${how} in the ERP.`,
    });
  }
}

export function plantNearCustomers(planting: Planting): void {
  const { plan, stores, sf, ns, settled, byHand, office, ago } = planting;
  const [spelled, pasted, renamed] = plan.customers.near as readonly [Client, Client, Client];
  const near = (client: Client, why: string, pendingUntil: string | null = null) =>
    planting.nearMisses.push({
      rule: "CUS-08",
      comparison: "customer-names-erp",
      key: sf(client.id),
      why,
      pendingUntil,
    });

  const companyName = ` ${spelled.name.toUpperCase().replaceAll(" ", "  ")}`;
  stores.netsuite.write("customer", ns(spelled.id), { companyName }, byHand(settled()));
  near(spelled, "The names differ in case and blanks only.");

  const unbroken = pasted.name.replaceAll(" ", "\u00a0");
  stores.netsuite.write("customer", ns(pasted.id), { companyName: unbroken }, byHand(settled()));
  near(pasted, "Pasted from a document, with blanks that do not break a line.");

  const renamedAt = ago(3 * 60);
  const name = { Name: `${renamed.name} International` };
  stores.salesforce.write("Account", sf(renamed.id), name, office("sales", renamedAt));
  near(renamed, "Renamed in the CRM this morning.", settledAfter(renamedAt, 24));
}
