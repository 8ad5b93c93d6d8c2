/** Clients that finance does not know, knows twice, or knows on other terms; and some that only look like it. */

import type { Client } from "../firm/model.ts";
import { SUBSIDIARY_IDS, TERMS_IDS } from "../firm/netsuite-rows.ts";
import { createRandom } from "../firm/random.ts";
import { plantNewClient } from "./new-client.ts";
import { type Planting, settledAfter } from "./planting.ts";

const NEXT_ENTITY = { US01: "GB01", GB01: "DE01", DE01: "US01" } as const;
const NEXT_TERMS = { "Net 15": "Net 60", "Net 30": "Net 60", "Net 60": "Net 30" } as const;

/**
 * Clients in random order, those with work first, and who of them has what done to it. The one the CRM renamed this morning, whose facts
 * are all fresh, is told apart.
 */
function choose({ firm, plan }: Planting) {
  const fresh = plan.customers.near[2] as Client;
  const isWorking = (c: Client) =>
    firm.projects.some((p) => p.clientId === c.id && p.isActive && p.isBillable && !p.isTemplate);
  const rest = createRandom(firm.seed, "faults in clients").shuffled(firm.clients.filter((c) => c !== fresh));
  const working = rest.filter(isWorking);
  const clients = [...working, ...rest.filter((c) => !isWorking(c))];
  const [held, inactive] = working.slice(-2) as [Client, Client];
  // A record that is inactive is nobody's twin.
  const twins = clients.filter((c) => c !== held && c !== inactive).slice(0, 4);
  const idle = clients.find((c) => !isWorking(c) && !twins.includes(c));
  return { clients, fresh, held, inactive, twins, idle };
}

function plantTerms(planting: Planting): void {
  const { stores, sf, ns, settled, byHand, office, expect } = planting;
  const { clients, held, inactive } = choose(planting);
  const inErp = (client: Client, fields: object) =>
    stores.netsuite.write("customer", ns(client.id), { ...fields }, byHand(settled()));
  for (const client of clients.slice(0, 2)) {
    const entity = NEXT_ENTITY[client.entity];
    inErp(client, { subsidiary: SUBSIDIARY_IDS[entity] });
    const story = `${client.name} signed with ${client.entity}; the ERP has it as a customer of ${entity}.`;
    expect({ rule: "CUS-03", comparison: "clients", key: sf(client.id), story });
  }
  for (const client of clients.slice(1, 3)) {
    const terms = NEXT_TERMS[client.paymentTerms];
    inErp(client, { terms: TERMS_IDS[terms] });
    const story = `${client.name} signed ${client.paymentTerms}; the ERP asks it to pay ${terms}.`;
    expect({ rule: "CUS-05", comparison: "clients", key: sf(client.id), story });
  }
  inErp(held, { creditHoldOverride: "ON" });
  expect({
    rule: "CUS-06",
    comparison: "client-work",
    key: sf(held.id),
    story: `${held.name} was put on credit hold while people work for it.`,
  });
  inErp(inactive, { isInactive: true });
  expect({
    rule: "CUS-06",
    comparison: "client-work",
    key: sf(inactive.id),
    story: `${inactive.name} was made inactive while people work for it.`,
  });
  const [other, orphan, adopted, owner] = clients.slice(3, 7) as [Client, Client, Client, Client];
  // A parent of one's own, whatever it was: of two different ones, at most one is right.
  const parents = [owner, other].filter((c) => c.id !== orphan.parentId);
  inErp(orphan, { parent: ns((parents[0] as Client).id) });
  expect({
    rule: "CUS-07",
    comparison: "clients",
    key: sf(orphan.id),
    story: `${orphan.name} was filed under another group in the ERP.`,
  });
  const group = owner.id === adopted.parentId ? other : owner;
  stores.salesforce.write("Account", sf(adopted.id), { ParentId: sf(group.id) }, office("sales", settled()));
  expect({
    rule: "CUS-07",
    comparison: "clients",
    key: sf(adopted.id),
    story: `${adopted.name} joined a group in the CRM, and never in the ERP.`,
  });
}

function plantTwins(planting: Planting): void {
  const { stores, settled, byHand, expect, nearMisses } = planting;
  const { twins } = choose(planting);
  const [taxed, named, former, abroad] = twins as [Client, Client, Client, Client];
  const create = (n: number, client: Client, fields: object) =>
    stores.netsuite.write(
      "customer",
      null,
      {
        entityId: `TWIN-${n}`,
        companyName: client.name,
        subsidiary: SUBSIDIARY_IDS[client.entity],
        currency: { US01: "1", GB01: "2", DE01: "3" }[client.entity],
        creditHoldOverride: "AUTO",
        isInactive: false,
        isPerson: false,
        ...fields,
      },
      byHand(settled()),
    );
  const spaced = `${taxed.taxNumber.slice(0, 2)} ${taxed.taxNumber.slice(2)}`;
  create(1, taxed, { companyName: `${taxed.name} Accounts Payable`, vatRegNumber: spaced });
  expect({
    rule: "CUS-02",
    comparison: "customer-records",
    key: `tax:${taxed.taxNumber}`,
    story: `${taxed.name} was entered again in the ERP under its accounts department.`,
  });
  const companyName = `Twin of ${named.name}`;
  create(2, named, { companyName, vatRegNumber: null });
  create(3, named, { companyName: ` ${companyName.toUpperCase()}`, vatRegNumber: "N/A 17" });
  const key = `name:${companyName.toLowerCase()}|${named.entity}`;
  expect({
    rule: "CUS-02",
    comparison: "customer-records",
    key,
    story: "A prospect was entered twice in the ERP, spelled alike.",
  });
  create(4, former, {
    companyName: `Former ${former.name}`,
    vatRegNumber: former.taxNumber,
    isInactive: true,
  });
  const near = (of: string, why: string) =>
    nearMisses.push({ rule: "CUS-02", comparison: "customer-records", key: of, why, pendingUntil: null });
  near(`tax:${former.taxNumber}`, "The second record was made inactive: it was merged.");
  const branch = `Branch of ${abroad.name}`;
  create(5, abroad, { companyName: branch, vatRegNumber: null });
  create(6, abroad, {
    companyName: branch,
    vatRegNumber: null,
    subsidiary: SUBSIDIARY_IDS[NEXT_ENTITY[abroad.entity]],
  });
  near(
    `name:${branch.toLowerCase()}|${abroad.entity}`,
    "One name, in two legal entities: each has its own record.",
  );
}

function plantNearTerms(planting: Planting): void {
  const { firm, stores, sf, ns, settled, byHand, office, ago, nearMisses } = planting;
  const { clients, fresh, idle } = choose(planting);
  const near = (rule: string, client: Client, why: string, pendingUntil: string | null = null) =>
    nearMisses.push({
      rule,
      comparison: rule === "CUS-06" ? "client-work" : "clients",
      key: sf(client.id),
      why,
      pendingUntil,
    });
  const [spelled, two] = clients.slice(5, 7) as [Client, Client];
  const master = firm.contracts.find((c) => c.kind === "master" && c.clientId === spelled.id);
  if (master) {
    const words = { Payment_Terms__c: `${spelled.paymentTerms.replace("Net ", "")} days net` };
    stores.salesforce.write("Contract", sf(master.id), words, office("legal", settled()));
    near("CUS-05", spelled, "The same days in other words.");
  }
  const other = firm.contracts.find(
    (c) => c.kind !== "master" && c.clientId === two.id && c.endOn > firm.today,
  );
  if (other) {
    const signed = { Legal_Entity__c: NEXT_ENTITY[two.entity] };
    stores.salesforce.write("Contract", sf(other.id), signed, office("legal", settled()));
    near("CUS-03", two, "One of its contracts is with another legal entity; the ERP's is among them.");
  }
  if (idle) {
    stores.netsuite.write("customer", ns(idle.id), { isInactive: true }, byHand(settled()));
    near("CUS-06", idle, "Inactive in the ERP, and no work goes on for it.");
  }
  const at = ago(20);
  const changes = { terms: TERMS_IDS[NEXT_TERMS[fresh.paymentTerms]], creditHoldOverride: "ON" };
  stores.netsuite.write("customer", ns(fresh.id), changes, byHand(at));
  near("CUS-05", fresh, "The terms were changed minutes ago.", settledAfter(at, 24));
  near("CUS-06", fresh, "Put on hold minutes ago.", settledAfter(at, 1));
}

export const CUSTOMER_FAULTS: readonly ((planting: Planting) => void)[] = [
  plantTerms,
  plantTwins,
  plantNearTerms,
  plantNewClient,
];
