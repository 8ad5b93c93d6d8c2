/** Bookings of people on projects. */
import type { Comparison } from "../comparison.ts";
import { ASSIGNMENT_FALLBACK } from "./fallbacks.ts";

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
  fallback: ASSIGNMENT_FALLBACK,
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

const runningAllocations: Comparison = {
  id: "running-allocations",
  title: "Allocations that still run in finance and the assignments behind them",
  entity: "assignment",
  left: {
    role: "psa",
    view: "side_psa_running_allocation",
    dated: true,
    reads: ["assignment"],
    noun: "active assignment",
  },
  right: {
    role: "erp",
    view: "side_erp_running_allocation",
    dated: true,
    reads: ["assignment"],
    noun: "resource allocation that is not over",
  },
  // Whether dates and shares agree is a matter of the bookings that both hold (see `assignments`).
  fields: [],
  carry: ["resource_key", "role_name", "project_name", "cost_ahead"],
  find: "direct",
  settle: "24h",
  fallback: ASSIGNMENT_FALLBACK,
};

const bookedTime: Comparison = {
  id: "booked-time",
  title: "Time and the assignments it is worked under",
  entity: "assignment",
  keyedBy: "person and project",
  left: {
    role: "psa",
    view: "side_psa_worked_pair",
    reads: ["assignment", "time_entry", "project"],
    noun: "person with uninvoiced time on a project",
  },
  right: {
    role: "psa",
    view: "side_psa_booked_pair",
    reads: ["assignment", "project"],
    noun: "assignment of that person to it",
  },
  fields: [
    {
      name: "unbooked_lines",
      label: "time lines on days without an assignment",
      as: "measure",
      limit: "right",
    },
  ],
  carry: ["resource_key", "project_name", "days"],
  find: "direct",
  settle: "1h",
};

const personLoad: Comparison = {
  id: "person-load",
  title: "How much of a person's time is booked",
  entity: "resource",
  left: {
    role: "psa",
    view: "side_psa_person_limit",
    dated: true,
    reads: ["resource", "assignment"],
    noun: "limit of a person booked in the next 30 days",
  },
  right: {
    role: "psa",
    view: "side_psa_person_load",
    dated: true,
    reads: ["resource", "assignment"],
    noun: "sum of that person's bookings",
  },
  fields: [
    { name: "peak_pct", label: "highest share of a day booked, in percent", as: "measure", limit: "left" },
  ],
  carry: ["person_name", "days", "cost_over"],
  find: "direct",
  settle: "24h",
};

export const ASSIGNMENT_COMPARISONS: readonly Comparison[] = [
  assignments,
  assignmentRates,
  runningAllocations,
  bookedTime,
  personLoad,
];
