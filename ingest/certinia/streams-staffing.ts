/**
 * Who can work and who is booked: resource and assignment. An assignment's dates and hours are formulas over its schedule, and
 * a change there does not stamp the assignment; so it is read when either moved, and its change time is the later of the two.
 */
import { add, compare, type DecimalText, divide, fixed, multiply } from "#core/decimal";
import { type Fields, mapping, reject } from "../payload.ts";
import type { Platform } from "../salesforce-platform/client.ts";
import { objectStream } from "../salesforce-platform/object-stream.ts";
import { agreedKeys, optionalText, type Tenant } from "../salesforce-platform/row.ts";
import type { CertiniaSettings } from "./settings.ts";
import { hoursField, WEEKDAYS } from "./weekdays.ts";

export function resourceStream(platform: Platform, tenant: Tenant, s: CertiniaSettings) {
  return objectStream(platform, {
    object: "Contact",
    yields: "resource",
    where: "pse__Is_Resource__c = true",
    fields: [
      "Name",
      s.employeeNumberField,
      s.resourceLegalEntityField,
      "pse__Is_Resource__c",
      "pse__Is_Resource_Active__c",
      "pse__Resource_Role__c",
      "pse__Default_Cost_Rate__c",
      s.currencyField,
    ],
    map: mapping((f) => {
      const number = f.text(s.employeeNumberField);
      return [
        {
          entity: "resource",
          nativeId: f.required("Id"),
          key: number === "" ? null : number,
          data: {
            employee_no: number,
            name: f.text("Name"),
            role_name: f.text("pse__Resource_Role__c"),
            is_active: f.flag("pse__Is_Resource_Active__c"),
            cost_rate: f.decimal("pse__Default_Cost_Rate__c"),
            currency: tenant.currency(f),
            legal_entity: tenant.legalEntity(optionalText(f, s.resourceLegalEntityField)),
          },
        },
      ];
    }),
  });
}

const SCHEDULE = "pse__Schedule__r";
const SCHEDULE_FIELDS = [
  "pse__Start_Date__c",
  "pse__End_Date__c",
  "pse__Scheduled_Hours__c",
  ...WEEKDAYS.map(hoursField),
].map((name) => `${SCHEDULE}.${name}`);

export function assignmentStream(platform: Platform, tenant: Tenant, s: CertiniaSettings) {
  return objectStream(platform, {
    object: "pse__Assignment__c",
    yields: "assignment",
    stamps: ["SystemModstamp", `${SCHEDULE}.SystemModstamp`],
    fields: [
      "Name",
      "pse__Project__c",
      "pse__Resource__c",
      "pse__Schedule__c",
      "pse__Role__c",
      "pse__Percent_Allocated__c",
      "pse__Bill_Rate__c",
      "pse__Status__c",
      "pse__Is_Billable__c",
      s.currencyField,
      ...SCHEDULE_FIELDS,
    ],
    map: mapping((f) => {
      const id = f.required("Id");
      const project = f.text("pse__Project__c");
      const status = f.text("pse__Status__c");
      const share = f.decimal("pse__Percent_Allocated__c") ?? shareOfWeek(f, s.fullWeekHours);
      if (compare(share, "0") < 0 || compare(share, "1000") > 0)
        reject("out-of-range", `pse__Percent_Allocated__c holds ${share} percent.`);
      return [
        {
          entity: "assignment",
          nativeId: id,
          key: id,
          ...agreedKeys({ project_key: project }),
          data: {
            project_ref: project,
            resource_ref: f.text("pse__Resource__c"),
            role_name: f.text("pse__Role__c"),
            start_on: f.date(`${SCHEDULE}.pse__Start_Date__c`),
            end_on: f.date(`${SCHEDULE}.pse__End_Date__c`),
            allocation_pct: share,
            hours: f.decimal(`${SCHEDULE}.pse__Scheduled_Hours__c`) ?? "0",
            bill_rate: f.decimal("pse__Bill_Rate__c"),
            currency: tenant.currency(f),
            status,
            is_active: s.activeAssignmentStatuses.includes(status),
            is_billable: f.flag("pse__Is_Billable__c"),
          },
        },
      ];
    }),
  });
}

/** The schedule's week as a percentage of a full one, to two places. */
function shareOfWeek(f: Fields, fullWeek: DecimalText): DecimalText {
  const week = WEEKDAYS.reduce(
    (sum, day) => add(sum, f.decimal(`${SCHEDULE}.${hoursField(day)}`) ?? "0"),
    "0",
  );
  return fixed(divide(multiply(week, "100"), fullWeek), 2);
}
