/** How the firm's records are spelled in its Salesforce org: object fields by API name. Shared by seeding, faults and life. */
import { addDays, type IsoDate } from "#core/time";
import type { Row } from "../vendor-store.ts";
import { instantAt, WEEKDAY_NAMES } from "./calendar.ts";
import type { Assignment, Person, Project, Timecard } from "./model.ts";
import { idOf, type VendorIds } from "./replay.ts";

export function contactRow(person: Person): Row {
  return {
    FirstName: person.firstName,
    LastName: person.lastName,
    Email: `${person.firstName}.${person.lastName}@acme-ps.example`.toLowerCase().replaceAll(" ", ""),
    pse__Is_Resource__c: true,
    pse__Is_Resource_Active__c: true,
    pse__External_Resource__c: false,
    pse__Resource_Role__c: person.role,
    pse__Default_Cost_Rate__c: person.costRate,
    pse__ERP_Worker_Correlation_Id__c: person.employeeNo,
    Legal_Entity__c: person.entity,
    CurrencyIsoCode: person.currency,
  };
}

export function projectRow(project: Project, ids: VendorIds): Row {
  return {
    Name: project.name,
    Project_Code__c: project.code,
    pse__Account__c: idOf(ids, project.clientId),
    pse__Opportunity__c: idOf(ids, project.opportunityId),
    pse__Project_Manager__c: idOf(ids, project.managerId),
    pse__Start_Date__c: project.startOn,
    pse__End_Date__c: project.endOn,
    pse__Stage__c: project.isActive ? "In Progress" : "Completed",
    pse__Project_Type__c: "Customer Project",
    pse__Billing_Type__c: project.billingType,
    pse__Is_Active__c: project.isActive,
    pse__Is_Billable__c: project.isBillable,
    pse__Is_Template__c: project.isTemplate,
    pse__Group__c: idOf(ids, `group:${project.department}`),
    pse__Practice__c: idOf(ids, `practice:${project.practice}`),
    pse__Region__c: idOf(ids, `region:${project.region}`),
    Legal_Entity__c: project.entity,
    CurrencyIsoCode: project.currency,
  };
}

export function taskRow(task: Project["tasks"][number], projectId: string, isBillable: boolean): Row {
  return {
    Name: task.name,
    pse__Project__c: projectId,
    pse__Start_Date_Time__c: instantAt(task.startOn, 8),
    pse__End_Date_Time__c: instantAt(task.endOn, 17),
    pse__Status__c: "Started",
    Billable__c: isBillable,
  };
}

export function scheduleRow(startOn: IsoDate, endOn: IsoDate, dailyHours: string): Row {
  const row: Row = { pse__Start_Date__c: startOn, pse__End_Date__c: endOn };
  for (const [n, day] of WEEKDAY_NAMES.entries())
    row[`pse__${day}_Hours__c`] = n === 0 || n === 6 ? "0.00" : dailyHours;
  return row;
}

export function assignmentRow(
  assignment: Assignment,
  project: Project,
  person: Person,
  scheduleId: string,
  ids: VendorIds,
): Row {
  return {
    Name: `${person.firstName} ${person.lastName} - ${assignment.role}`,
    pse__Project__c: idOf(ids, project.id),
    pse__Resource__c: idOf(ids, person.id),
    pse__Schedule__c: scheduleId,
    pse__Role__c: assignment.role,
    pse__Status__c: assignment.status === "Closed" ? "Scheduled" : assignment.status,
    pse__Is_Billable__c: assignment.isBillable,
    pse__Bill_Rate__c: assignment.billRates[0]?.rate ?? "0.00",
    pse__Daily_Bill_Rate__c: false,
    pse__Percent_Allocated__c: String(assignment.allocationPct),
    CurrencyIsoCode: project.currency,
  };
}

/** What a week is booked on, before any hours. */
export type WeekOfWork = Pick<
  Timecard,
  "projectId" | "assignmentId" | "personId" | "taskId" | "weekStart" | "isBillable"
>;

/** A week's header without its hours, as first saved. */
export function timecardRow(card: WeekOfWork, currency: string, billRate: string, ids: VendorIds): Row {
  return {
    pse__Resource__c: idOf(ids, card.personId),
    pse__Project__c: idOf(ids, card.projectId),
    pse__Assignment__c: idOf(ids, card.assignmentId),
    Project_Task__c: idOf(ids, card.taskId),
    pse__Start_Date__c: card.weekStart,
    pse__End_Date__c: addDays(card.weekStart, 6),
    pse__Bill_Rate__c: billRate,
    pse__Billable__c: card.isBillable,
    CurrencyIsoCode: currency,
    ...STATUS.Saved,
    pse__Billed__c: false,
    pse__Invoiced__c: false,
  };
}

export function hoursRow(hours: readonly string[]): Row {
  return Object.fromEntries(WEEKDAY_NAMES.map((day, n) => [`pse__${day}_Hours__c`, hours[n] ?? "0.00"]));
}

function flags(status: string, submitted: boolean, approved: boolean): Row {
  return {
    pse__Status__c: status,
    pse__Submitted__c: submitted,
    pse__Approved__c: approved,
    pse__Include_In_Financials__c: approved,
  };
}

/** What each step of a timecard's life writes. */
export const STATUS = {
  Saved: flags("Saved", false, false),
  Submitted: flags("Submitted", true, false),
  Rejected: flags("Rejected", false, false),
  Approved: flags("Approved", true, true),
} as const;

/** The key of one day's line, in both systems. */
export function timeKey(headerId: string, on: IsoDate): string {
  return `${headerId}_${on}`;
}
