/** How the firm's records are spelled in its NetSuite account. Shared by seeding, faults and life. */

import { divide, fixed, multiply } from "#core/decimal";
import { addDays } from "#core/time";
import type { Row } from "../vendor-store.ts";
import { countWeekdays, instantAt } from "./calendar.ts";
import type { Assignment, Project } from "./model.ts";
import { idOf, type VendorIds } from "./replay.ts";
import { timeKey, type WeekOfWork } from "./salesforce-rows.ts";

/** Internal ids the firm's administrators were given. */
export const SUBSIDIARY_IDS = { US01: "1", GB01: "2", DE01: "3" } as const;
export const CURRENCY_IDS = { USD: "1", GBP: "2", EUR: "3" } as const;
export const TERMS_IDS = { "Net 15": "1", "Net 30": "2", "Net 60": "3" } as const;
export const CONSULTING_ITEM = "88";
/** Statuses of a project. */
export const OPEN_JOB = "2";
export const CLOSED_JOB = "1";
export const AWARDED_JOB = "5";

/** Stages of a charge. */
export const HELD_CHARGE = "HOLD_FOR_BILLING";
export const READY_CHARGE = "READY_FOR_BILLING";

/** The firm's own ids → NetSuite internal ids; also `class:<role>`, `<client>-card`, `period:<YYYY-MM>`. */
export type NetSuiteIds = Map<string, string>;

export function jobRow(project: Project, salesforceId: string | null, ids: VendorIds): Row {
  return {
    externalId: salesforceId,
    entityId: project.code,
    companyName: project.name,
    parent: idOf(ids, project.clientId),
    subsidiary: SUBSIDIARY_IDS[project.entity],
    currency: CURRENCY_IDS[project.currency],
    projectManager: idOf(ids, project.managerId),
    jobBillingType: project.billingType === "Fixed Price" ? "2" : "3",
    entityStatus: OPEN_JOB,
    startDate: project.startOn,
    projectedEndDate: project.endOn,
    billingRateCard: idOf(ids, `${project.clientId}-card`),
    projectExpenseType: "-2",
    allowTime: true,
    allowExpenses: true,
    custentity_department: project.department,
    custentity_practice: project.practice,
    custentity_region: project.region,
    isInactive: false,
  };
}

export function projectTaskRow(
  task: Project["tasks"][number],
  salesforceId: string,
  jobId: string,
  isBillable: boolean,
): Row {
  return {
    externalId: salesforceId,
    title: task.name,
    project: jobId,
    startDateTime: instantAt(task.startOn, 8),
    endDate: task.endOn,
    constraintType: "FIXEDSTART",
    status: "PROGRESS",
    nonBillableTask: !isBillable,
  };
}

export function allocationRow(
  assignment: Assignment,
  endOn: string,
  salesforceId: string | null,
  ids: VendorIds,
): Row {
  return {
    externalId: salesforceId,
    allocationResource: idOf(ids, assignment.personId),
    project: idOf(ids, assignment.projectId),
    ...allocationSpan(assignment.startOn, endOn, String(assignment.allocationPct)),
    allocationUnit: "P",
    allocationType: "1",
    approvalStatus: "5",
  };
}

/** Dates, share and the hours they come to, which always change together. */
export function allocationSpan(startOn: string, endOn: string, pct: string): Row {
  const hours = divide(multiply(String(countWeekdays(startOn, endOn) * 8), pct), "100");
  return {
    startDate: startOn,
    endDate: endOn,
    allocationAmount: pct,
    percentOfTime: pct,
    numberHours: fixed(hours, 2),
  };
}

/** A milestone as the ERP plans to bill it. */
export function chargeRow(
  project: Project,
  milestone: Project["milestones"][number],
  salesforceId: string,
  ids: VendorIds,
): Row {
  return {
    externalId: salesforceId,
    description: milestone.name,
    billTo: idOf(ids, project.id),
    amount: milestone.amount,
    rate: milestone.amount,
    quantity: "1",
    chargeDate: milestone.dueOn,
    stage: HELD_CHARGE,
    use: "Actual",
  };
}

/** One day of a week as the integration posts it. `day` is 0 for Sunday. */
export function timeBillRow(
  card: WeekOfWork,
  headerId: string,
  day: number,
  hours: string,
  entity: keyof typeof SUBSIDIARY_IDS,
  ids: VendorIds,
): Row {
  const on = addDays(card.weekStart, day);
  const key = timeKey(headerId, on);
  return {
    externalId: key,
    custcol_psa_time_id: key,
    employee: idOf(ids, card.personId),
    customer: idOf(ids, card.projectId),
    caseTaskEvent: idOf(ids, card.taskId),
    resourceAllocation: ids.get(card.assignmentId) ?? null,
    item: CONSULTING_ITEM,
    tranDate: on,
    hours,
    isBillable: card.isBillable,
    approvalStatus: "3",
    supervisorApproval: true,
    timeType: "A",
    subsidiary: SUBSIDIARY_IDS[entity],
    posted: false,
  };
}
