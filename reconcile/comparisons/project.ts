/** Engagements and their state in delivery and in finance. */
import type { Comparison } from "../comparison.ts";

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
  ],
  carry: ["project_name"],
  find: "direct",
  settle: "1h",
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

export const PROJECT_COMPARISONS: readonly Comparison[] = [projects, projectStatus];
