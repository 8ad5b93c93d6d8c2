/** What was worked and spent: a timecard is one person's week on one assignment and becomes seven days; expenses are one each. */
import { equal } from "#core/decimal";
import { NO_DATE, NO_INSTANT } from "#core/entities";
import type { MappedOf } from "../connector.ts";
import { dayHours, type Fields, mapping, reject } from "../payload.ts";
import type { Platform } from "../salesforce-platform/client.ts";
import { objectStream } from "../salesforce-platform/object-stream.ts";
import { agreedKeys, optionalText, type Tenant } from "../salesforce-platform/row.ts";
import type { CertiniaSettings } from "./settings.ts";
import { hoursField, notesField, timeLineId, WEEKDAYS, weekdayOf, weekFrom } from "./weekdays.ts";

export function timecardStream(platform: Platform, tenant: Tenant, s: CertiniaSettings) {
  return objectStream(platform, {
    object: "pse__Timecard_Header__c",
    yields: "time_entry",
    fields: [
      "Name",
      "pse__Project__c",
      "pse__Resource__c",
      "pse__Assignment__c",
      s.timecardTaskField,
      "pse__Start_Date__c",
      "pse__End_Date__c",
      "pse__Status__c",
      "pse__Approved__c",
      "pse__Submitted__c",
      ...steps(s),
      "pse__Include_In_Financials__c",
      "pse__Billable__c",
      "pse__Invoiced__c",
      "pse__Bill_Rate__c",
      s.currencyField,
      ...WEEKDAYS.map(hoursField),
      ...WEEKDAYS.map(notesField),
    ],
    map: mapping((f) => daysOf(f, tenant, s)),
  });
}

/** The fields that say when a timecard was handed in and approved, where the org has them. */
const steps = (s: CertiniaSettings) =>
  [s.timecardSubmittedAtField, s.timecardApprovedAtField].filter((f): f is string => f !== null);

/** What a timecard says of its way to approval; what the org does not hold is left out. */
export const heldOfTime = (s: CertiniaSettings): readonly string[] => [
  "is_submitted",
  ...(s.timecardSubmittedAtField === null ? [] : ["submitted_at"]),
  ...(s.timecardApprovedAtField === null ? [] : ["approved_at"]),
];

/** A date-time, or none where the field is empty. */
const momentOrNone = (f: Fields, field: string) => (f.text(field) === "" ? NO_INSTANT : f.instant(field));

/** All seven days, always: a day whose hours went to zero is a day that is gone. */
function daysOf(f: Fields, tenant: Tenant, s: CertiniaSettings): MappedOf<"time_entry">[] {
  const id = f.required("Id");
  const start = f.date("pse__Start_Date__c");
  if (start === NO_DATE) reject("bad-date", "pse__Start_Date__c is empty.");
  const week = weekFrom(start);
  if (f.date("pse__End_Date__c") !== week[6])
    reject(
      "out-of-range",
      `A timecard spans seven days; this one runs ${start} to ${f.date("pse__End_Date__c")}.`,
    );
  const project = f.text("pse__Project__c");
  const task = optionalText(f, s.timecardTaskField);
  const assignment = f.text("pse__Assignment__c");
  const status = f.text("pse__Status__c");
  const common = {
    project_ref: project,
    task_ref: task,
    resource_ref: f.text("pse__Resource__c"),
    assignment_ref: assignment,
    is_billable: f.flag("pse__Billable__c"),
    status,
    is_approved:
      f.flag("pse__Approved__c") &&
      (!s.requireInFinancials || f.flag("pse__Include_In_Financials__c")) &&
      (s.approvedStatuses.length === 0 || s.approvedStatuses.includes(status)),
    is_invoiced: f.flag("pse__Invoiced__c"),
    bill_rate: f.decimal("pse__Bill_Rate__c"),
    currency: tenant.currency(f),
    recorded_at: f.instant("CreatedDate"),
    is_submitted: f.flag("pse__Submitted__c") && !f.flag("pse__Approved__c"),
    ...(s.timecardSubmittedAtField === null
      ? {}
      : { submitted_at: momentOrNone(f, s.timecardSubmittedAtField) }),
    ...(s.timecardApprovedAtField === null
      ? {}
      : { approved_at: momentOrNone(f, s.timecardApprovedAtField) }),
  };
  return week.map((date) => {
    const day = weekdayOf(date);
    const hours = dayHours(f, hoursField(day));
    const lineId = timeLineId(id, date);
    return {
      entity: "time_entry",
      nativeId: lineId,
      key: lineId,
      ...agreedKeys({ project_key: project, task_key: task, assignment_key: assignment }),
      deleted: equal(hours, "0"),
      data: { ...common, work_on: date, hours, note: f.text(notesField(day)) },
    };
  });
}

export function expenseStream(platform: Platform, tenant: Tenant, s: CertiniaSettings) {
  return objectStream(platform, {
    object: "pse__Expense__c",
    yields: "expense",
    fields: [
      "Name",
      "pse__Project__c",
      "pse__Resource__c",
      "pse__Expense_Date__c",
      "pse__Amount__c",
      "pse__Billable__c",
      "pse__Status__c",
      "pse__Approved__c",
      "pse__Invoiced__c",
      "pse__Type__c",
      s.currencyField,
    ],
    map: mapping((f) => {
      const id = f.required("Id");
      const project = f.text("pse__Project__c");
      return [
        {
          entity: "expense",
          nativeId: id,
          key: id,
          ...agreedKeys({ project_key: project }),
          data: {
            project_ref: project,
            resource_ref: f.text("pse__Resource__c"),
            incurred_on: f.date("pse__Expense_Date__c"),
            amount: f.decimal("pse__Amount__c") ?? reject("bad-number", "pse__Amount__c is empty."),
            currency: tenant.currency(f),
            is_billable: f.flag("pse__Billable__c"),
            status: f.text("pse__Status__c"),
            is_approved: f.flag("pse__Approved__c"),
            is_invoiced: f.flag("pse__Invoiced__c"),
            category: f.text("pse__Type__c"),
          },
        },
      ];
    }),
  });
}
