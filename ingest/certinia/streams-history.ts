/**
 * Who changed what, from field history. Only what an admin tracks is there: the package tracks few fields by itself, and none
 * on schedules (docs/connect/certinia.md lists what to switch on).
 */
import type { Stream } from "../connector.ts";
import { isDate } from "../payload.ts";
import type { Platform } from "../salesforce-platform/client.ts";
import {
  type HistorySpec,
  historyObject,
  historyStream,
  named,
} from "../salesforce-platform/history-stream.ts";
import type { CertiniaSettings } from "./settings.ts";
import { hoursField, timeLineId, WEEKDAYS, weekdayOf, weekFrom } from "./weekdays.ts";

const WEEK_START = "Parent.pse__Start_Date__c";

export function historyStreams(platform: Platform, s: CertiniaSettings): Stream[] {
  const parentField = "ParentId";
  const timecardFields = named(
    ["pse__Status__c", "status"],
    ["pse__Approved__c", "is_approved"],
    ["pse__Invoiced__c", "is_invoiced"],
    ["pse__Billable__c", "is_billable"],
    ["pse__Project__c", "project_ref"],
    ["pse__Assignment__c", "assignment_ref"],
    ["pse__Bill_Rate__c", "bill_rate"],
    [s.timecardTaskField, "task_ref"],
  );
  const specs: Record<CertiniaSettings["history"][number], HistorySpec> = {
    project: {
      object: historyObject("pse__Proj__c"),
      parentField,
      entity: "project",
      fields: named(
        ["Name", "name"],
        [s.projectCodeField, "code"],
        ["pse__Stage__c", "status"],
        ["pse__Is_Active__c", "is_active"],
        ["pse__Is_Billable__c", "is_billable"],
        ["pse__Start_Date__c", "start_on"],
        ["pse__End_Date__c", "end_on"],
        ["pse__Project_Manager__c", "manager"],
      ),
    },
    assignment: {
      object: historyObject("pse__Assignment__c"),
      parentField,
      entity: "assignment",
      fields: named(
        ["pse__Bill_Rate__c", "bill_rate"],
        ["pse__Status__c", "status"],
        ["pse__Resource__c", "resource_ref"],
        ["pse__Role__c", "role_name"],
        ["pse__Is_Billable__c", "is_billable"],
        ["pse__Percent_Allocated__c", "allocation_pct"],
      ),
    },
    rateCard: {
      object: historyObject("pse__Rate_Card__c"),
      parentField,
      entity: "rate_line",
      fields: named(
        ["pse__Suggested_Bill_Rate__c", "rate"],
        ["pse__Start_Date__c", "effective_from"],
        ["pse__End_Date__c", "effective_to"],
        ["pse__Role__c", "role_name"],
      ),
    },
    milestone: {
      object: historyObject("pse__Milestone__c"),
      parentField,
      entity: "milestone",
      fields: named(
        ["pse__Status__c", "status"],
        ["pse__Approved__c", "is_accepted"],
        ["pse__Milestone_Amount__c", "amount"],
        ["pse__Target_Date__c", "due_on"],
      ),
    },
    timecard: {
      object: historyObject("pse__Timecard_Header__c"),
      parentField,
      entity: "time_entry",
      fields: timecardFields,
      also: [WEEK_START],
      recordsOf(f, vendorField) {
        const id = f.required(parentField);
        const start = f.text(WEEK_START).slice(0, 10);
        // The week is unknown once the timecard is gone: the change is kept under the timecard's own id.
        if (!isDate(start))
          return [{ nativeId: id, field: timecardFields[vendorField] ?? `raw:${vendorField}` }];
        const week = weekFrom(start);
        const day = WEEKDAYS.find((d) => hoursField(d) === vendorField);
        if (day !== undefined)
          return week
            .filter((date) => weekdayOf(date) === day)
            .map((date) => ({ nativeId: timeLineId(id, date), field: "hours" }));
        return week.map((date) => ({
          nativeId: timeLineId(id, date),
          field: timecardFields[vendorField] ?? `raw:${vendorField}`,
        }));
      },
    },
  };
  return s.history.map((name) => historyStream(platform, specs[name]));
}
