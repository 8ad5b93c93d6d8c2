/** Clients that signed and that nobody set up in the ERP, with a project, a price and days of work each; and some not yet due there. */
import { addDays } from "#core/time";
import { weekStart } from "../firm/calendar.ts";
import type { Client, Person, Project } from "../firm/model.ts";
import { CURRENCY_IDS, SUBSIDIARY_IDS } from "../firm/netsuite-rows.ts";
import { hoursRow, projectRow, STATUS, timecardRow, timeKey } from "../firm/salesforce-rows.ts";
import type { Row } from "../vendor-store.ts";
import { type Planting, settledAfter } from "./planting.ts";

/** An account like another client's. */
function account(planting: Planting, like: Client, name: string, at: number): string {
  const row = {
    Name: name,
    Type: "Customer",
    CurrencyIsoCode: like.currency,
    Legal_Entity__c: like.entity,
    Status__c: "Active",
  };
  return planting.stores.salesforce.write("Account", null, row, planting.office("sales", at));
}

function setUpByHand({ stores, byHand, settled }: Planting, like: Client, companyName: string): void {
  const row = {
    externalId: null,
    entityId: "NEW-1",
    companyName,
    subsidiary: SUBSIDIARY_IDS[like.entity],
    currency: CURRENCY_IDS[like.currency],
    creditHoldOverride: "AUTO",
    isInactive: false,
    isPerson: false,
  };
  stores.netsuite.write("customer", null, row, byHand(settled()));
}

function contract(planting: Planting, like: Client, client: string, at: number, more: Row = {}): string {
  const { firm, stores, office } = planting;
  const row = {
    AccountId: client,
    Status: "Activated",
    StartDate: addDays(firm.today, -60),
    EndDate: addDays(firm.today, 600),
    Value__c: null,
    CurrencyIsoCode: like.currency,
    Legal_Entity__c: like.entity,
    Signed_Date__c: addDays(firm.today, -61),
    Billing_Type__c: "Time and Materials",
    Payment_Terms__c: "Net 30",
    PO_Required__c: false,
    ...more,
  };
  return stores.salesforce.write("Contract", null, row, office("legal", at));
}

export function plantNewClient(planting: Planting): void {
  const { firm, settled, expect, nearMisses, ago } = planting;
  for (const [n, like] of firm.clients.slice(0, 2).entries()) {
    const name = `Newly Signed ${n + 1}`;
    const client = account(planting, like, name, settled());
    const signed = contract(planting, like, client, settled());
    // Finance did set the first one up, by hand: without its id it is nobody's, and only its name tells whose it could be.
    if (n === 0) setUpByHand(planting, like, `${name} Ltd.`);
    const story = `${name} signed and is being worked for; ${n === 0 ? "the ERP has it without its id" : "nobody set it up in the ERP"}.`;
    expect({ rule: "CUS-01", comparison: "clients", key: client, story });
    work(planting, like, client, signed, n);
  }
  const like = firm.clients[0] as Client;
  const near = (key: string, why: string, pendingUntil: string | null = null) =>
    nearMisses.push({ rule: "CUS-01", comparison: "clients", key, why, pendingUntil });
  near(account(planting, like, "A Prospect", settled()), "Nothing is signed yet.");
  const drafting = account(planting, like, "Nearly Signed", settled());
  contract(planting, like, drafting, settled(), { Status: "Draft", Signed_Date__c: null });
  near(drafting, "Its contract is a draft.");
  const ended = account(planting, like, "Long Gone", settled());
  contract(planting, like, ended, settled(), { EndDate: addDays(firm.today, -1) });
  near(ended, "Its contract ended yesterday.");
  const at = ago(15);
  const now = account(planting, like, "Signed Today", at);
  contract(planting, like, now, at);
  near(now, "Signed minutes ago.", settledAfter(at, 1));
}

/** A project with three approved days of one person's, at a price both the contract and the PSA hold. */
function work(planting: Planting, like: Client, client: string, signed: string, n: number): void {
  const { firm, stores, settled, office, absorbed } = planting;
  const { salesforce } = stores;
  const person = firm.people.find((p) => p.entity === like.entity && p.role === "Consultant") as Person;
  const project = firm.projects.find((p) => p.clientId === like.id) as Project;
  const assignment = firm.projects.flatMap((p) => p.assignments)[0];
  const from = addDays(firm.today, -60);
  const rate = { Role__c: person.role, Rate__c: "150.00", Start_Date__c: from, End_Date__c: null };
  salesforce.write(
    "Contract_Rate__c",
    null,
    { ...rate, Contract__c: signed, Account__c: client, CurrencyIsoCode: like.currency, Status__c: "Signed" },
    office("legal", settled()),
  );
  const card = {
    pse__Account__c: client,
    pse__Role__c: person.role,
    pse__Suggested_Bill_Rate__c: "150.00",
    pse__Average_Cost_Rate__c: "0.00",
    pse__Start_Date__c: from,
    pse__End_Date__c: null,
    pse__Cascading_Role__c: false,
    CurrencyIsoCode: like.currency,
  };
  salesforce.write("pse__Rate_Card__c", null, card, office("staffing", settled()));
  const row = {
    ...projectRow(project, stores.salesforceIds),
    Name: `Newly Signed ${n + 1} start-up`,
    Project_Code__c: `SIGN-${n + 1}`,
    pse__Account__c: client,
    pse__Opportunity__c: null,
    pse__Stage__c: "In Progress",
    pse__Billing_Type__c: "Time and Materials",
    pse__Is_Active__c: true,
    pse__Is_Billable__c: true,
    pse__Is_Template__c: false,
  };
  const id = salesforce.write("pse__Proj__c", null, row, office("delivery", settled()));
  const week = weekStart(addDays(firm.today, -14));
  const days = ["0.00", "8.00", "7.50", "4.00", "0.00", "0.00", "0.00"];
  const header = {
    ...timecardRow(
      {
        projectId: project.id,
        assignmentId: assignment?.id ?? "",
        personId: person.id,
        taskId: project.tasks[0]?.id ?? "",
        weekStart: week,
        isBillable: true,
      },
      like.currency,
      "150.00",
      stores.salesforceIds,
    ),
    pse__Project__c: id,
    pse__Assignment__c: null,
    Project_Task__c: null,
    ...hoursRow(days),
    ...STATUS.Approved,
  };
  const timecard = salesforce.write("pse__Timecard_Header__c", null, header, office("delivery", settled()));
  const by = { rule: "CUS-01", key: client };
  absorbed.push(
    { rule: "PRJ-01", comparison: "projects", key: id, by },
    {
      rule: "RAT-01",
      comparison: "rates-contract-erp",
      key: `${client}|${person.role}|${like.currency}`,
      by,
    },
    ...[1, 2, 3].map((day) => ({
      rule: "TIM-01",
      comparison: "time",
      key: timeKey(timecard, addDays(week, day)),
      by: { rule: "PRJ-01", key: id },
    })),
  );
}
