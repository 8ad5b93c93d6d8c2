/** The least a services firm has in its PSA: a client, a project with a task, a person booked on it. */
import { certinia } from "#ingest/certinia/index";
import type { Row } from "#sandbox/vendor-store";
import { salesforceWorld, type World } from "../salesforce/org.ts";

export async function certiniaWorld(
  settings: Record<string, unknown> = {},
  options: { pageSize?: number } = {},
): Promise<World> {
  return salesforceWorld(certinia, settings, options);
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Hours of a week, Sunday first. */
export const week = (...hours: string[]): Row =>
  Object.fromEntries(DAYS.map((d, n) => [`pse__${d}_Hours__c`, hours[n] ?? "0"]));

export function seed({ put }: World) {
  const at = "2026-09-01T09:00:00.000Z";
  const account = put("Account", null, { Name: "Northwind", CurrencyIsoCode: "USD" }, at);
  const person = put(
    "Contact",
    null,
    {
      LastName: "Whitfield",
      Name: "Dana Whitfield",
      pse__Is_Resource__c: true,
      pse__Is_Resource_Active__c: true,
      pse__Resource_Role__c: "Consultant",
      pse__Default_Cost_Rate__c: "92.5",
      pse__ERP_Worker_Correlation_Id__c: "E-2071",
      Legal_Entity__c: "US-01",
      CurrencyIsoCode: "USD",
    },
    at,
  );
  const project = put(
    "pse__Proj__c",
    null,
    {
      Name: "Northwind rollout",
      Project_Code__c: "NWC-014",
      pse__Account__c: account,
      pse__Start_Date__c: "2026-09-01",
      pse__End_Date__c: "2027-03-31",
      pse__Stage__c: "In Progress",
      pse__Is_Active__c: true,
      pse__Is_Billable__c: true,
      pse__Billing_Type__c: "Time and Materials",
      Legal_Entity__c: "US-01",
      CurrencyIsoCode: "USD",
    },
    at,
  );
  const task = put(
    "pse__Project_Task__c",
    null,
    { Name: "Build", pse__Project__c: project, pse__Status__c: "Started" },
    at,
  );
  const schedule = put(
    "pse__Schedule__c",
    null,
    {
      pse__Start_Date__c: "2026-09-07",
      pse__End_Date__c: "2027-01-29",
      ...week("0", "8", "8", "8", "8", "8", "0"),
    },
    at,
  );
  const assignment = put(
    "pse__Assignment__c",
    null,
    {
      Name: "Dana - Consultant",
      pse__Project__c: project,
      pse__Resource__c: person,
      pse__Schedule__c: schedule,
      pse__Role__c: "Consultant",
      pse__Status__c: "Scheduled",
      pse__Is_Billable__c: true,
      pse__Bill_Rate__c: "225",
      pse__Percent_Allocated__c: "100",
      CurrencyIsoCode: "USD",
    },
    at,
  );
  const timecard = (id: string | null, when: string, fields: Row = {}) =>
    put(
      "pse__Timecard_Header__c",
      id,
      id === null
        ? {
            pse__Resource__c: person,
            pse__Project__c: project,
            pse__Assignment__c: assignment,
            Project_Task__c: task,
            pse__Start_Date__c: "2026-11-08",
            pse__End_Date__c: "2026-11-14",
            pse__Billable__c: true,
            pse__Bill_Rate__c: "225",
            pse__Status__c: "Saved",
            CurrencyIsoCode: "USD",
            ...week("0", "8", "7.5"),
            ...fields,
          }
        : fields,
      when,
    );
  return { account, person, project, task, schedule, assignment, timecard };
}

export const APPROVED: Row = {
  pse__Status__c: "Approved",
  pse__Submitted__c: true,
  pse__Approved__c: true,
  pse__Include_In_Financials__c: true,
};
