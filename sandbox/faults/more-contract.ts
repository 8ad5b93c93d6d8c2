/** Sales and contracts that nobody works under, or that work has outrun; and some that only look like it. */
import { add, compare, fixed, multiply, sum } from "#core/decimal";
import { addDays } from "#core/time";
import type { Contract, Project } from "../firm/model.ts";
import { createRandom } from "../firm/random.ts";
import type { Row } from "../vendor-store.ts";
import { type Books, readBooks } from "./books.ts";
import { type Planting, settledAfter } from "./planting.ts";
import { expectedRate } from "./stakes.ts";

/** Work whose records nothing else was changed on in the last day, each handed out once. */
function chooser({ firm, plan }: Planting) {
  const fresh = new Set([...plan.projects.near.slice(3), ...plan.states.near, ...plan.projects.missing]);
  const freshClient = plan.customers.near[2]?.id;
  const random = createRandom(firm.seed, "faults in contracts");
  const left = random
    .shuffled(firm.projects)
    .filter((p) => !p.isTemplate && p.isBillable && !fresh.has(p) && p.clientId !== freshClient);
  const contractOf = (p: Project) => firm.contracts.find((c) => c.id === p.contractId) as Contract;
  return {
    /** The next project that fits, with its contract; undefined in a firm too small for it. */
    take(fits: (p: Project, c: Contract) => boolean): { project: Project; contract: Contract } | undefined {
      const n = left.findIndex((p) => fits(p, contractOf(p)));
      const [project] = n < 0 ? [] : left.splice(n, 1);
      return project && { project, contract: contractOf(project) };
    },
  };
}

/** Approved billable work of a project: its last day, and what it comes to. */
function workOf(books: Books, project: string) {
  const lines = books.psaLines.filter((l) => l.project === project && l.isApproved && l.isBillable);
  const last = lines
    .map((l) => l.on)
    .sort()
    .at(-1);
  const worth = sum(
    lines.map((l) => multiply(expectedRate(books, l.project, l.resource, l.on) ?? "0", l.hours)),
  );
  return { last, worth };
}

function plantContracts(planting: Planting): void {
  const { firm, stores, sf, ns, settled, office, byHand, ago, expect, nearMisses } = planting;
  const { salesforce, netsuite } = stores;
  const books = readBooks(salesforce, netsuite);
  const { take } = chooser(planting);
  const inCrm = (type: string, own: string, fields: Row, at = settled()) =>
    salesforce.write(type, sf(own), fields, office("legal", at));
  const near = (
    rule: string,
    comparison: string,
    key: string,
    why: string,
    pendingUntil: string | null = null,
  ) => nearMisses.push({ rule, comparison, key, why, pendingUntil });
  const isHourly = (p: Project) => p.isActive && p.billingType === "Time and Materials";
  const day = (n: number) => addDays(firm.today, n);
  const amend = (contract: Contract, fields: Row) =>
    salesforce.write(
      "Contract_Amendment__c",
      null,
      {
        Contract__c: sf(contract.id),
        Name: "Amendment 2",
        Status__c: "Signed",
        Signed_Date__c: day(-3),
        Effective_Date__c: day(-3),
        End_Date__c: null,
        Value__c: "0.00",
        CurrencyIsoCode: contract.currency,
        ...fields,
      },
      office("legal", settled()),
    );

  for (let n = 0; n < 2; n++) {
    const late = take((p) => isHourly(p) && (workOf(books, sf(p.id)).last ?? "") > day(-20));
    if (late) {
      inCrm("Contract", late.contract.id, { EndDate: day(-25) });
      // An amendment that nobody signed extends nothing.
      if (n === 1) amend(late.contract, { Status__c: "Draft", Signed_Date__c: null, End_Date__c: day(200) });
      for (const own of late.contract.amendments)
        inCrm("Contract_Amendment__c", own.id, { End_Date__c: day(-25) });
      const story = `${late.project.code} was worked on after the day its contract was cut short to.`;
      expect({ rule: "CON-03", comparison: "contract-ends", key: sf(late.contract.id), story });
    }
    const over = take(
      (p, c) => isHourly(p) && c.cap === null && compare(workOf(books, sf(p.id)).worth, "1000") > 0,
    );
    if (over) {
      planting.last.push((all) => {
        const cap = fixed(multiply(workOf(all, sf(over.project.id)).worth, n === 0 ? "0.6" : "0.95"), 2);
        inCrm("Contract", over.contract.id, { Cap__c: cap });
        const story = `${over.project.code} was worked on beyond a cap of ${cap}.`;
        expect({ rule: "CON-04", comparison: "contract-caps", key: sf(over.contract.id), story });
      });
    }
    const odd = take((p) => isHourly(p));
    if (odd) {
      if (n === 0) inCrm("Contract", odd.contract.id, { Billing_Type__c: "Fixed Price" });
      else netsuite.write("job", ns(odd.project.id), { jobBillingType: "1" }, byHand(settled()));
      const story =
        n === 0
          ? `${odd.project.code} was signed at a fixed price and is worked by the hour.`
          : `${odd.project.code} was set up in the ERP at a fixed price and signed by the hour.`;
      for (const system of n === 0 ? ["psa", "erp"] : ["erp"])
        expect({ rule: "CON-02", comparison: `billing-models-${system}`, key: sf(odd.project.id), story });
    }
    const blank = take((p, c) => p.isActive && (n === 1 || c.poNumber !== null));
    if (blank) {
      if (n === 0)
        netsuite.write("job", ns(blank.project.id), { custentity_po_number: null }, byHand(settled()));
      else {
        inCrm("Contract", blank.contract.id, { PO_Required__c: true });
        netsuite.write("job", ns(blank.project.id), { custentity_po_number: "" }, byHand(settled()));
      }
      const story = `${blank.project.code} needs a purchase order and the ERP has none.`;
      expect({ rule: "CON-07", comparison: "purchase-orders", key: sf(blank.project.id), story });
    }
    const lost = take((p) => p.isActive);
    if (lost) {
      const StageName = n === 0 ? "Closed Lost" : "Negotiation/Review";
      inCrm("Opportunity", lost.project.opportunityId, { StageName });
      const story = `The sale of ${lost.project.code} is ${n === 0 ? "lost" : "open again"}, and work goes on.`;
      expect({ rule: "OPP-03", comparison: "sale-outcomes", key: sf(lost.project.opportunityId), story });
    }
    const dear = take((p) => p.isBillable);
    if (dear) {
      const value = dear.contract.value ?? "0";
      const change =
        n === 0
          ? { Amount: multiply(value, "1.01") }
          : { CurrencyIsoCode: dear.contract.currency === "EUR" ? "USD" : "EUR" };
      inCrm("Opportunity", dear.project.opportunityId, change);
      const story = `The sale of ${dear.project.code} and its contract were entered differently.`;
      expect({ rule: "OPP-02", comparison: "sale-amounts", key: sf(dear.contract.id), story });
    }
  }

  // What only looks like it. Finished work: nothing is added to it.
  const done = (p: Project) => !p.isActive;
  const last = take((p) => done(p) && workOf(books, sf(p.id)).last !== undefined);
  if (last) {
    const { last: EndDate } = workOf(books, sf(last.project.id));
    inCrm("Contract", last.contract.id, { EndDate });
    for (const own of last.contract.amendments)
      inCrm("Contract_Amendment__c", own.id, { End_Date__c: EndDate });
    near("CON-03", "contract-ends", sf(last.contract.id), "The last work was on the contract's last day.");
  }
  const full = take(
    (p, c) => done(p) && c.amendments.length === 0 && compare(workOf(books, sf(p.id)).worth, "0") > 0,
  );
  if (full) {
    planting.last.push((all) =>
      inCrm("Contract", full.contract.id, { Cap__c: workOf(all, sf(full.project.id)).worth }),
    );
    near("CON-04", "contract-caps", sf(full.contract.id), "The cap is used up to the cent.");
  }
  const longer = take((p) => isHourly(p));
  if (longer) {
    inCrm("Contract", longer.contract.id, { EndDate: day(-30) });
    amend(longer.contract, { End_Date__c: day(300) });
    near("CON-03", "contract-ends", sf(longer.contract.id), "A signed amendment extended the contract.");
  }
  const exact = take(() => true);
  if (exact) {
    const Amount = multiply(exact.contract.value ?? "0", "1.005");
    inCrm("Opportunity", exact.project.opportunityId, { Amount });
    near("OPP-02", "sale-amounts", sf(exact.contract.id), "Off by exactly half a percent, which is allowed.");
  }
  const little = take(() => true);
  if (little) {
    const Amount = add(little.contract.value ?? "0", "-100");
    inCrm("Opportunity", little.project.opportunityId, { Amount });
    near("OPP-02", "sale-amounts", sf(little.contract.id), "Off by exactly 100, which is allowed.");
  }
  const shortened = take((p) => isHourly(p));
  if (shortened) {
    inCrm("Contract", shortened.contract.id, { Billing_Type__c: "T&M" });
    for (const system of ["psa", "erp"])
      near("CON-02", `billing-models-${system}`, sf(shortened.project.id), "Another word for the same.");
  }
  const ordered = take((p, c) => p.isActive && c.poNumber !== null);
  if (ordered) {
    netsuite.write("job", ns(ordered.project.id), { custentity_po_number: "PO by mail" }, byHand(settled()));
    near(
      "CON-07",
      "purchase-orders",
      sf(ordered.project.id),
      "Another purchase order than the contract names is one.",
    );
  }
  const quick = take((p) => p.isActive);
  if (quick) {
    const at = ago(40);
    inCrm("Opportunity", quick.project.opportunityId, { StageName: "Negotiation/Review" }, at);
    near(
      "OPP-03",
      "sale-outcomes",
      sf(quick.project.opportunityId),
      "Opened again minutes ago.",
      settledAfter(at, 4),
    );
  }
}

function plantSales(planting: Planting): void {
  const { firm, stores, sf, settled, office, ago, expect, nearMisses, absorbed } = planting;
  const { salesforce } = stores;
  const day = (n: number) => addDays(firm.today, n);
  const freshClient = planting.plan.customers.near[2];
  const clients = createRandom(firm.seed, "faults in sales").shuffled(
    firm.clients.filter((c) => c !== freshClient),
  );
  const at = (n: number) => clients[n % clients.length] as (typeof clients)[number];
  const sell = (n: number, name: string, more: Row = {}, when = settled()) =>
    salesforce.write(
      "Opportunity",
      null,
      {
        Name: name,
        AccountId: sf(at(n).id),
        StageName: "Closed Won",
        Amount: "87654.32",
        CloseDate: day(-9),
        CurrencyIsoCode: at(n).currency,
        ContractId: null,
        ...more,
      },
      office("sales", when),
    );
  const sign = (n: number, more: Row = {}, when = settled()) =>
    salesforce.write(
      "Contract",
      null,
      {
        AccountId: sf(at(n).id),
        Status: "Activated",
        StartDate: day(-10),
        EndDate: day(222),
        Value__c: "87654.32",
        CurrencyIsoCode: at(n).currency,
        Legal_Entity__c: at(n).entity,
        Signed_Date__c: day(-8),
        Billing_Type__c: "Time and Materials",
        Payment_Terms__c: at(n).paymentTerms,
        PO_Required__c: false,
        ...more,
      },
      office("legal", when),
    );
  const near = (rule: string, key: string, why: string, pendingUntil: string | null = null) =>
    nearMisses.push({
      rule,
      comparison: rule === "OPP-01" ? "won-sales" : "signed-contracts",
      key,
      why,
      pendingUntil,
    });

  const alone = sell(0, "Sold and forgotten");
  expect({ rule: "OPP-01", comparison: "won-sales", key: alone, story: "Won, and nobody set up a project." });
  const draft = sign(1, { Status: "Draft", Signed_Date__c: null });
  const unsigned = sell(1, "Sold before it was signed", { ContractId: draft });
  expect({
    rule: "OPP-01",
    comparison: "won-sales",
    key: unsigned,
    story: "Won; the contract is still a draft.",
  });
  near("CON-01", draft, "A draft.");

  for (const n of [2, 3]) {
    const contract = sign(n, n === 2 ? {} : { StartDate: day(20) });
    expect({
      rule: "CON-01",
      comparison: "signed-contracts",
      key: contract,
      story: "Signed, and nobody set up a project.",
    });
    if (n === 3) continue;
    const sale = sell(n, "Sold and signed", { ContractId: contract });
    absorbed.push({
      rule: "OPP-01",
      comparison: "won-sales",
      key: sale,
      by: { rule: "CON-01", key: contract },
    });
  }
  near("CON-01", sign(4, { Value__c: null }), "A framework without a value: the work is sold under it.");
  near("CON-01", sign(5, { StartDate: day(-200), EndDate: day(-1) }), "It ended yesterday.");
  near("OPP-01", sell(4, "Sold long ago", { CloseDate: day(-365) }), "Won a year ago.");
  const now = ago(25);
  near("OPP-01", sell(5, "Just sold", {}, now), "Won minutes ago.", settledAfter(now, 4));
}

export const CONTRACT_FAULTS: readonly ((planting: Planting) => void)[] = [plantContracts, plantSales];
