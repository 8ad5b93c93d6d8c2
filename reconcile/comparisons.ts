/** The comparisons this release makes, parents before children: what fails in an earlier one may explain what fails in a later one. */
import type { Comparison } from "./comparison.ts";

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

/** Projects of every state: what `projects` asks of active ones is not asked here, only whether both sides have them open. */
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

const customerNames = (role: "psa" | "erp"): Comparison => ({
  id: `customer-names-${role}`,
  title: `Client names in sales and in ${role === "psa" ? "delivery" : "finance"}`,
  entity: "customer",
  left: { role: "crm", view: "side_crm_customer", reads: ["customer"], noun: "client" },
  right: { role, view: `side_${role}_customer`, reads: ["customer"], noun: "client" },
  fields: [{ name: "name", label: "name", as: "attribute", normalise: "name" }],
  carry: [],
  find: "direct",
  settle: "24h",
});

const contractRateErp: Comparison = {
  id: "rates-contract-erp",
  title: "Contract rates and the prices finance bills with",
  entity: "rate_line",
  left: {
    role: "crm",
    view: "side_crm_rate_today",
    dated: true,
    reads: ["rate_line", "customer"],
    noun: "signed contract rate in force today",
  },
  right: {
    role: "erp",
    view: "side_erp_rate",
    reads: ["rate_line", "rate_card", "customer"],
    noun: "price of the customer's price list",
  },
  fields: [{ name: "rate", label: "rate", as: "measure", tolerance: "0.005" }],
  carry: ["role_name", "effective_from", "effective_to"],
  find: "direct",
  settle: "4h",
};

const contractRatePsa: Comparison = {
  id: "rates-contract-psa",
  title: "Contract rates and the rate cards of delivery",
  entity: "rate_line",
  left: {
    role: "crm",
    view: "side_crm_rate",
    reads: ["rate_line", "customer"],
    noun: "signed contract rate",
  },
  right: { role: "psa", view: "side_psa_rate", reads: ["rate_line"], noun: "rate card line" },
  fields: [{ name: "rate", label: "rate", as: "measure", tolerance: "0.005" }],
  carry: ["role_name", "effective_from", "effective_to"],
  find: "direct",
  settle: "4h",
};

/** Prices the ERP keeps for one project alone, each a key of its own. */
const projectPrices: Comparison = {
  id: "project-prices",
  title: "Contract rates and the prices finance keeps for single projects",
  entity: "rate_line",
  left: {
    role: "crm",
    view: "side_crm_project_price",
    dated: true,
    reads: ["rate_line"],
    noun: "signed contract rate in force today",
  },
  right: {
    role: "erp",
    view: "side_erp_project_price",
    dated: true,
    reads: ["rate_line", "project"],
    noun: "price for a single project",
  },
  fields: [{ name: "rate", label: "rate", as: "measure", tolerance: "0.005" }],
  carry: ["role_name", "effective_from", "effective_to"],
  find: "direct",
  settle: "4h",
};

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
  carry: ["is_billable", "assignment_key", "status"],
  find: "streamed",
  settle: "4h",
};

export const COMPARISONS: readonly Comparison[] = [
  customerNames("psa"),
  customerNames("erp"),
  projects,
  projectStatus,
  contractRateErp,
  contractRatePsa,
  projectPrices,
  assignments,
  assignmentRates,
  time,
];
