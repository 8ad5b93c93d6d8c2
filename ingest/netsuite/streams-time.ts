/** Time entries: one person's hours on one project and day. Planned and allocated time is left out; it is no work done. */
import { dayHours, mapping } from "../payload.ts";
import type { Account } from "./client.ts";
import type { NetSuiteSettings } from "./settings.ts";
import { dateText, tableStream, timeText } from "./table-stream.ts";
import { externalKey, type Tenant } from "./tenant.ts";

export function timeStream(account: Account, tenant: Tenant, s: NetSuiteSettings) {
  const link: Record<string, string> =
    s.timeLinkField === null ? {} : { [s.timeLinkField]: `t.${s.timeLinkField}` };
  return tableStream(account, {
    name: "timebill",
    yields: "time_entry",
    from: "timebill t",
    where: "t.timetype = 'A'",
    columns: {
      id: "t.id",
      externalid: "t.externalid",
      ...link,
      customer: "t.customer",
      casetaskevent: "t.casetaskevent",
      employee: "t.employee",
      trandate: dateText("t.trandate"),
      hours: "t.hours",
      isbillable: "t.isbillable",
      approvalstatus: "t.approvalstatus",
      approvalname: "BUILTIN.DF(t.approvalstatus)",
      posted: "t.posted",
      rate: "t.rate",
      memo: "t.memo",
      createddate: timeText("t.createddate"),
    },
    stamp: "t.lastmodifieddate",
    keys: [{ alias: "id", type: "number" }],
    map: mapping((f) => {
      const linked = s.timeLinkField === null ? null : externalKey(f, s.timeLinkField);
      return [
        {
          entity: "time_entry",
          nativeId: f.required("id"),
          key: linked ?? externalKey(f),
          data: {
            project_ref: f.text("customer"),
            task_ref: f.text("casetaskevent"),
            resource_ref: f.text("employee"),
            assignment_ref: "",
            work_on: f.date("trandate"),
            hours: dayHours(f, "hours"),
            is_billable: f.flag("isbillable"),
            status: f.text("approvalname") || f.text("approvalstatus"),
            is_approved: !s.rejectedTimeStatuses.includes(f.text("approvalstatus")),
            is_invoiced: f.flag("posted"),
            bill_rate: f.decimal("rate"),
            // A time entry has no currency of its own; its project's applies.
            currency: "",
            note: f.text("memo"),
            recorded_at: tenant.instant(f, "createddate"),
          },
        },
      ];
    }),
  });
}
