/** Approved time. */
import type { Comparison } from "../comparison.ts";

const time: Comparison = {
  id: "time",
  title: "Approved time and what finance holds of it",
  entity: "time_entry",
  left: { role: "psa", view: "side_psa_time", reads: ["time_entry"], noun: "approved time line" },
  right: { role: "erp", view: "side_erp_time", reads: ["time_entry"], noun: "time line" },
  fields: [
    { name: "hours", label: "hours", as: "measure", tolerance: "0.01" },
    { name: "work_on", label: "work date", as: "date" },
    { name: "project_key", label: "project", as: "attribute" },
    { name: "resource_key", label: "person", as: "attribute" },
    { name: "task_key", label: "task", as: "attribute" },
  ],
  carry: ["is_billable", "assignment_key", "task_key", "status"],
  find: "streamed",
  settle: "4h",
};

export const TIME_COMPARISONS: readonly Comparison[] = [time];
