/** The pieces of work that time is booked on. */
import type { Comparison } from "../comparison.ts";
import { TASK_FALLBACK } from "./fallbacks.ts";

const tasks: Comparison = {
  id: "tasks",
  title: "Tasks in delivery and in finance",
  entity: "task",
  left: {
    role: "psa",
    view: "side_psa_task",
    reads: ["task", "time_entry", "project"],
    noun: "task with time to invoice",
  },
  right: { role: "erp", view: "side_erp_task", reads: ["task"], noun: "task" },
  fields: [
    {
      name: "billing",
      label: "billable or not",
      as: "attribute",
      heldAs: { left: "is_billable", right: "is_billable" },
    },
  ],
  carry: ["task_name", "project_name"],
  find: "direct",
  settle: "1h",
  fallback: TASK_FALLBACK,
};

const closedTasks: Comparison = {
  id: "closed-tasks",
  title: "Closed tasks and the time entered on them afterwards",
  entity: "task",
  left: { role: "erp", view: "side_erp_closed_task", reads: ["task"], noun: "task closed on either side" },
  right: {
    role: "psa",
    view: "side_psa_closed_task",
    reads: ["task", "time_entry", "project"],
    noun: "count of its uninvoiced time",
  },
  fields: [{ name: "late_lines", label: "time lines entered after closing", as: "measure", limit: "left" }],
  carry: ["task_name", "project_name", "closed_at", "closed_in"],
  find: "direct",
  settle: "1h",
};

export const TASK_COMPARISONS: readonly Comparison[] = [tasks, closedTasks];
