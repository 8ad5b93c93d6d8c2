/** Bookings of people on projects. */
import type { Comparison } from "../comparison.ts";

const assignments: Comparison = {
  id: "assignments",
  title: "Assignments in delivery and allocations in finance",
  entity: "assignment",
  left: {
    role: "psa",
    view: "side_psa_assignment",
    dated: true,
    reads: ["assignment", "project"],
    noun: "active assignment",
  },
  right: { role: "erp", view: "side_erp_assignment", reads: ["assignment"], noun: "resource allocation" },
  fields: [
    { name: "start_on", label: "start date", as: "date", tolerance: "1" },
    { name: "end_on", label: "end date", as: "date", tolerance: "1" },
    { name: "allocation_pct", label: "allocation in percent", as: "measure", tolerance: "2" },
  ],
  carry: ["resource_key", "role_name", "project_name"],
  find: "direct",
  settle: "1h",
};

const assignmentRates: Comparison = {
  id: "assignment-rates",
  title: "Contract rates and the rates assignments are booked at",
  entity: "assignment",
  left: {
    role: "crm",
    view: "side_crm_assignment_rate",
    dated: true,
    reads: ["rate_line"],
    noun: "contract rate for an active billable assignment",
  },
  right: {
    role: "psa",
    view: "side_psa_assignment_rate",
    dated: true,
    reads: ["assignment", "project", "resource"],
    noun: "booked rate of the assignment",
  },
  fields: [
    { name: "rate", label: "rate", as: "measure", tolerance: "0.005", heldAs: { right: "bill_rate" } },
  ],
  carry: ["resource_key", "role_name"],
  find: "direct",
  settle: "1h",
};

export const ASSIGNMENT_COMPARISONS: readonly Comparison[] = [assignments, assignmentRates];
