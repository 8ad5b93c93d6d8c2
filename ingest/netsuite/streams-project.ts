/** Engagements and their staffing: job, project task, resource allocation. Linked to the PSA by their external ids. */
import { compare, fixed } from "#core/decimal";
import { type Fields, mapping, reject } from "../payload.ts";
import type { Account } from "./client.ts";
import type { NetSuiteSettings } from "./settings.ts";
import { dateText, tableStream } from "./table-stream.ts";
import { externalKey, type Tenant } from "./tenant.ts";

const BY_ID = [{ alias: "id", type: "number" }] as const;

/** Canonical dimension → the custom field that names it; the ones the account does not keep are left out. */
export function dimensionsOf(s: NetSuiteSettings): Record<string, string> {
  const fields = {
    department: s.projectDepartmentField,
    practice: s.projectPracticeField,
    region: s.projectRegionField,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => (field === null ? [] : [[name, field] as const])),
  );
}

export function jobStream(account: Account, tenant: Tenant, s: NetSuiteSettings) {
  const dimensions = Object.entries(dimensionsOf(s));
  return tableStream(account, {
    name: "job",
    yields: "project",
    from: "job t LEFT JOIN currency c ON c.id = t.currency",
    columns: {
      id: "t.id",
      externalid: "t.externalid",
      entityid: "t.entityid",
      companyname: "t.companyname",
      customer: "t.customer",
      projectmanager: "BUILTIN.DF(t.projectmanager)",
      entitystatus: "BUILTIN.DF(t.entitystatus)",
      jobbillingtype: "BUILTIN.DF(t.jobbillingtype)",
      startdate: dateText("t.startdate"),
      projectedenddate: dateText("t.projectedenddate"),
      currency: "c.symbol",
      subsidiary: "t.subsidiary",
      ...(s.projectPoField === null ? {} : { [s.projectPoField]: `t.${s.projectPoField}` }),
      isinactive: "t.isinactive",
      // What people see: the name, where the field is a choice from a list.
      ...Object.fromEntries(dimensions.map(([name, field]) => [name, `BUILTIN.DF(t.${field})`])),
    },
    stamp: "t.lastmodifieddate",
    keys: BY_ID,
    map: mapping((f) => {
      const status = f.text("entitystatus");
      return [
        {
          entity: "project",
          nativeId: f.required("id"),
          key: externalKey(f),
          data: {
            code: f.text("entityid"),
            name: f.text("companyname"),
            customer_ref: f.text("customer"),
            opportunity_ref: "",
            manager: f.text("projectmanager"),
            status,
            is_active: !f.flag("isinactive") && !s.closedProjectStatuses.includes(status),
            // The account has no such switch on a project; whether work is billed is said on each time entry.
            is_billable: true,
            billing_type: f.text("jobbillingtype"),
            start_on: f.date("startdate"),
            end_on: f.date("projectedenddate"),
            currency: f.text("currency"),
            legal_entity: tenant.legalEntity(f.text("subsidiary")),
            ...Object.fromEntries(dimensions.map(([name]) => [name, f.text(name)])),
            ...(s.projectPoField === null ? {} : { po_number: f.text(s.projectPoField) }),
          },
        },
      ];
    }),
  });
}

export function taskStream(account: Account) {
  return tableStream(account, {
    name: "projecttask",
    yields: "task",
    from: "projecttask t",
    columns: {
      id: "t.id",
      externalid: "t.externalid",
      title: "t.title",
      project: "t.project",
      status: "t.status",
      nonbillabletask: "t.nonbillabletask",
    },
    stamp: "t.lastmodifieddate",
    keys: BY_ID,
    map: mapping((f) => [
      {
        entity: "task",
        nativeId: f.required("id"),
        key: externalKey(f),
        data: {
          project_ref: f.text("project"),
          name: f.text("title"),
          status: f.text("status"),
          is_open: f.text("status") !== "COMPLETE",
          is_billable: !f.flag("nonbillabletask"),
        },
      },
    ]),
  });
}

export function allocationStream(account: Account) {
  return tableStream(account, {
    name: "resourceallocation",
    yields: "assignment",
    from: "resourceallocation t LEFT JOIN job j ON j.id = t.project LEFT JOIN currency c ON c.id = j.currency",
    columns: {
      id: "t.id",
      externalid: "t.externalid",
      project: "t.project",
      allocationresource: "t.allocationresource",
      startdate: dateText("t.startdate"),
      enddate: dateText("t.enddate"),
      percentoftime: "t.percentoftime",
      numberhours: "t.numberhours",
      approvalstatus: "BUILTIN.DF(t.approvalstatus)",
      currency: "c.symbol",
    },
    stamp: "t.lastmodifieddate",
    keys: BY_ID,
    map: mapping((f) => [
      {
        entity: "assignment",
        nativeId: f.required("id"),
        key: externalKey(f),
        data: {
          project_ref: f.text("project"),
          resource_ref: f.text("allocationresource"),
          role_name: "",
          start_on: f.date("startdate"),
          end_on: f.date("enddate"),
          allocation_pct: share(f),
          hours: f.decimal("numberhours") ?? "0",
          // An allocation plans people's time; what they are billed at is on the rate card.
          bill_rate: null,
          currency: f.text("currency"),
          status: f.text("approvalstatus"),
          is_active: f.text("approvalstatus") !== "Rejected",
          is_billable: true,
        },
      },
    ]),
  });
}

function share(f: Fields): string {
  const percent = f.decimal("percentoftime") ?? reject("bad-number", "percentoftime is empty.");
  if (compare(percent, "0") < 0 || compare(percent, "1000") > 0)
    reject("out-of-range", `percentoftime holds ${percent} percent.`);
  return fixed(percent, 2);
}
