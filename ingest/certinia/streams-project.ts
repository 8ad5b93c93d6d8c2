/** Engagements and what they are made of: project, task, milestone. Their ids are the ids all systems agree on. */
import { mapping, reject } from "../payload.ts";
import type { Platform } from "../salesforce-platform/client.ts";
import { objectStream } from "../salesforce-platform/object-stream.ts";
import { agreedKeys, optionalText, type Tenant } from "../salesforce-platform/row.ts";
import type { CertiniaSettings } from "./settings.ts";

/** Canonical dimension → where its name is found; the ones the firm does not use are left out. */
export function dimensionsOf(s: CertiniaSettings): Record<string, string> {
  const fields = {
    department: s.projectDepartmentField,
    practice: s.projectPracticeField,
    region: s.projectRegionField,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => (field === null ? [] : [[name, field] as const])),
  );
}

export function projectStream(platform: Platform, tenant: Tenant, s: CertiniaSettings) {
  return objectStream(platform, {
    object: "pse__Proj__c",
    yields: "project",
    fields: [
      "Name",
      s.projectCodeField,
      s.projectLegalEntityField,
      "pse__Account__c",
      "pse__Opportunity__c",
      "pse__Project_Manager__c",
      "pse__Stage__c",
      "pse__Is_Active__c",
      "pse__Is_Billable__c",
      "pse__Is_Template__c",
      "pse__Billing_Type__c",
      "pse__Start_Date__c",
      "pse__End_Date__c",
      s.currencyField,
      ...Object.values(dimensionsOf(s)),
    ],
    map: mapping((f) => {
      const id = f.required("Id");
      const customer = f.text("pse__Account__c");
      const opportunity = f.text("pse__Opportunity__c");
      const template = f.flag("pse__Is_Template__c");
      return [
        {
          entity: "project",
          nativeId: id,
          key: id,
          ...agreedKeys({ customer_key: customer, opportunity_key: opportunity }),
          data: {
            code: f.text(s.projectCodeField),
            name: f.text("Name"),
            customer_ref: customer,
            opportunity_ref: opportunity,
            manager: f.text("pse__Project_Manager__c"),
            status: f.text("pse__Stage__c"),
            // A template is a mould for projects, never work: no other system is to hold it.
            is_active: f.flag("pse__Is_Active__c") && !template,
            is_billable: f.flag("pse__Is_Billable__c") && !template,
            billing_type: f.text("pse__Billing_Type__c"),
            start_on: f.date("pse__Start_Date__c"),
            end_on: f.date("pse__End_Date__c"),
            currency: tenant.currency(f),
            legal_entity: tenant.legalEntity(optionalText(f, s.projectLegalEntityField)),
            ...Object.fromEntries(
              Object.entries(dimensionsOf(s)).map(([dimension, field]) => [dimension, f.text(field)]),
            ),
          },
        },
      ];
    }),
  });
}

export function taskStream(platform: Platform, s: CertiniaSettings) {
  return objectStream(platform, {
    object: "pse__Project_Task__c",
    yields: "task",
    fields: ["Name", "pse__Project__c", "pse__Status__c", s.taskBillableField],
    map: mapping((f) => {
      const id = f.required("Id");
      const project = f.text("pse__Project__c");
      const status = f.text("pse__Status__c");
      return [
        {
          entity: "task",
          nativeId: id,
          key: id,
          ...agreedKeys({ project_key: project }),
          data: {
            project_ref: project,
            name: f.text("Name"),
            status,
            is_open: !s.closedTaskStatuses.includes(status),
            is_billable: s.taskBillableField === null || f.flag(s.taskBillableField),
          },
        },
      ];
    }),
  });
}

export function milestoneStream(platform: Platform, tenant: Tenant, s: CertiniaSettings) {
  return objectStream(platform, {
    object: "pse__Milestone__c",
    yields: "milestone",
    fields: [
      "Name",
      "pse__Project__c",
      "pse__Milestone_Amount__c",
      "pse__Target_Date__c",
      "pse__Status__c",
      "pse__Approved__c",
      "pse__Invoiced__c",
      s.currencyField,
    ],
    map: mapping((f) => {
      const id = f.required("Id");
      const project = f.text("pse__Project__c");
      const status = f.text("pse__Status__c");
      return [
        {
          entity: "milestone",
          nativeId: id,
          key: id,
          ...agreedKeys({ project_key: project }),
          data: {
            project_ref: project,
            name: f.text("Name"),
            amount:
              f.decimal("pse__Milestone_Amount__c") ??
              reject("bad-number", "pse__Milestone_Amount__c is empty."),
            currency: tenant.currency(f),
            due_on: f.date("pse__Target_Date__c"),
            status,
            is_accepted: f.flag("pse__Approved__c") || s.acceptedMilestoneStatuses.includes(status),
            is_invoiced: f.flag("pse__Invoiced__c"),
          },
        },
      ];
    }),
  });
}
