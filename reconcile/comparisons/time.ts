/** Approved time. */
import type { Comparison } from "../comparison.ts";
import { TIME_FALLBACK } from "./fallbacks.ts";

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
    { name: "is_billable", label: "billable", as: "attribute" },
  ],
  carry: ["is_billable", "assignment_key", "task_key", "status"],
  find: "streamed",
  settle: "4h",
  fallback: TIME_FALLBACK,
};

const taskProjects: Comparison = {
  id: "task-projects",
  title: "The projects that tasks belong to in delivery and in finance",
  entity: "task",
  left: { role: "psa", view: "side_psa_task_project", reads: ["task", "project"], noun: "task" },
  right: { role: "erp", view: "side_erp_task_project", reads: ["task", "project"], noun: "task" },
  fields: [
    {
      name: "project_key",
      label: "project",
      as: "attribute",
      heldAs: { left: "project_ref", right: "project_ref" },
    },
  ],
  carry: ["task_name"],
  find: "direct",
  settle: "1h",
};

const waitingTime: Comparison = {
  id: "time-waiting",
  title: "Hours that wait for approval",
  entity: "time_entry",
  keyedBy: "the project's id in the PSA",
  left: {
    role: "psa",
    view: "side_psa_time_waiting",
    dated: true,
    reads: ["time_entry", "project"],
    noun: "billable project with hours waiting for more than two working days",
  },
  right: {
    role: "psa",
    view: "side_psa_time_decided",
    dated: true,
    reads: ["time_entry", "project"],
    noun: "project on which none may wait so long",
  },
  fields: [
    {
      name: "hours",
      label: "hours waiting for approval for more than two working days",
      as: "measure",
      limit: "right",
      heldAs: { left: "submitted_at", right: "submitted_at" },
    },
  ],
  carry: ["project_name", "people", "oldest_on", "worth"],
  find: "direct",
  settle: "1h",
};

export const TIME_COMPARISONS: readonly Comparison[] = [time, taskProjects, waitingTime];
