/** A time entry in canonical words: one person's hours on one project and day. */
import type { MappedOf, Stream } from "../connector.ts";
import { dayHours, type Fields, mapping } from "../payload.ts";
import { heldText } from "./custom-value.ts";
import type { RedmineSettings } from "./settings.ts";

export function timeMap(s: RedmineSettings): Stream["map"] {
  return mapping((f) => [timeEntry(f, s)]);
}

function timeEntry(f: Fields, s: RedmineSettings): MappedOf<"time_entry"> {
  const id = f.required("id");
  const issue = f.text("issue.id");
  const approval = heldText(f, s.approvalField);
  return {
    entity: "time_entry",
    nativeId: id,
    key: id,
    // Time may be booked on any issue; its id is what others know it by, whether or not it is read as a task.
    keys: (issue === "" ? {} : { task_key: issue }) as Readonly<Record<string, string>>,
    data: {
      project_ref: f.required("project.id"),
      task_ref: issue,
      resource_ref: f.required("user.id"),
      assignment_ref: "",
      work_on: f.required("spent_on") && f.date("spent_on"),
      hours: dayHours(f, "hours"),
      is_billable: !s.nonBillableActivities.includes(f.text("activity.name")),
      status: approval,
      is_approved: s.approvalField === null || s.approvedValues.includes(approval),
      is_invoiced: false,
      bill_rate: null,
      currency: s.projectCurrencyField === null ? s.currency : "",
      note: f.text("comments"),
      recorded_at: f.instant("created_on"),
    },
  };
}
