/** Engagements and their state in delivery and in finance. */
import type { Comparison } from "../comparison.ts";
import { PROJECT_FALLBACK } from "./fallbacks.ts";

const projects: Comparison = {
  id: "projects",
  title: "Projects in delivery and in finance",
  entity: "project",
  left: { role: "psa", view: "side_psa_project", reads: ["project"], noun: "active billable project" },
  right: { role: "erp", view: "side_erp_project", reads: ["project"], noun: "project" },
  fields: [
    { name: "code", label: "project code", as: "attribute", normalise: "code" },
    { name: "start_on", label: "start date", as: "date", tolerance: "1" },
    { name: "end_on", label: "end date", as: "date", tolerance: "1" },
    { name: "legal_entity", label: "legal entity", as: "attribute" },
    // Many systems fill in what is left empty when something is posted.
    { name: "department", label: "department", as: "attribute", normalise: "name", emptyAgrees: true },
    { name: "practice", label: "practice", as: "attribute", normalise: "name", emptyAgrees: true },
    { name: "region", label: "region", as: "attribute", normalise: "name", emptyAgrees: true },
  ],
  carry: ["project_name"],
  find: "direct",
  settle: "1h",
  fallback: PROJECT_FALLBACK,
};

const projectStatus: Comparison = {
  id: "project-status",
  title: "Projects open in delivery and in finance",
  entity: "project",
  left: { role: "psa", view: "side_psa_project_status", reads: ["project"], noun: "billable project" },
  right: { role: "erp", view: "side_erp_project_status", reads: ["project"], noun: "project" },
  fields: [
    {
      name: "status",
      label: "status",
      as: "attribute",
      heldAs: { left: "is_active", right: "is_active" },
    },
  ],
  carry: ["project_name", "stage"],
  find: "direct",
  settle: "4h",
};

const runningProjects: Comparison = {
  id: "running-projects",
  title: "Projects open in finance and their origin in delivery",
  entity: "project",
  left: { role: "psa", view: "side_psa_running_project", reads: ["project"], noun: "project of any state" },
  right: {
    role: "erp",
    view: "side_erp_running_project",
    reads: ["project"],
    noun: "open project under the PSA's id",
  },
  // Whether the codes agree is a matter of the projects that both hold (see `projects`).
  fields: [],
  carry: ["project_name", "code", "cost_booked"],
  find: "direct",
  settle: "24h",
  fallback: PROJECT_FALLBACK,
};

const projectStarts: Comparison = {
  id: "project-starts",
  title: "Projects and the time entered before they started",
  entity: "project",
  left: {
    role: "psa",
    view: "side_psa_project_start",
    reads: ["project"],
    noun: "billable project with a start date",
  },
  right: {
    role: "psa",
    view: "side_psa_early_time",
    reads: ["project", "time_entry"],
    noun: "count of its uninvoiced time",
  },
  fields: [{ name: "early_lines", label: "time lines before the start", as: "measure", limit: "left" }],
  carry: ["project_name", "start_day"],
  find: "direct",
  settle: "1h",
};

export const PROJECT_COMPARISONS: readonly Comparison[] = [
  projects,
  projectStatus,
  runningProjects,
  projectStarts,
];
