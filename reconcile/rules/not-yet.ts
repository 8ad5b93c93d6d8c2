/**
 * What the catalogue of checks names and this release does not make, with the reason. A rule that comes into being is left out of
 * docs/rules.md here by itself; its line goes with it (a test says so).
 */
export interface NotYet {
  id: string;
  name: string;
  /** What is missing before it can be made. */
  reason: string;
}

const SUGGESTED = "It compares how similar records of one system are; nothing here rests on likeness yet.";
const NO_HR = "No personnel system is connected.";
const NO_WORK_TOOL = "No work management tool is connected.";
const NO_CLM = "No contract management system is connected.";
const NO_REVENUE = "Recognised revenue is not read from the ERP.";
const NO_RM = "No resource management tool beside the PSA is connected.";
const NO_TAX = "Tax registrations are read, the tax an invoice should bear is not.";
const IN_WORK = "The fields it needs are read, the comparison is not written.";
const NO_COST = "Cost rates are read from the PSA alone.";
const NO_VENDOR = "Vendors, vendor bills and purchase orders to suppliers are not read.";
const NO_PAYMENT = "Disputes and payments of invoices are not read.";

export const NOT_YET: readonly NotYet[] = [
  { id: "CUS-01", name: "Customer missing in ERP", reason: IN_WORK },
  { id: "CUS-02", name: "Customer held twice", reason: SUGGESTED },
  { id: "CUS-03", name: "Customer not set up for the contracting company", reason: IN_WORK },
  { id: "CUS-04", name: "Tax registration differs", reason: NO_TAX },
  { id: "CUS-05", name: "Bill-to, currency or terms differ", reason: IN_WORK },
  { id: "CUS-06", name: "Work for a customer on hold", reason: IN_WORK },
  { id: "CUS-07", name: "Parent of a customer differs", reason: IN_WORK },
  { id: "OPP-01", name: "Won deal without project", reason: IN_WORK },
  { id: "OPP-02", name: "Deal differs from the signed contract", reason: IN_WORK },
  { id: "OPP-03", name: "Lost or reopened deal with an active project", reason: IN_WORK },
  { id: "CON-01", name: "Signed contract without project", reason: IN_WORK },
  { id: "CON-02", name: "Billing model differs", reason: IN_WORK },
  { id: "CON-03", name: "Work after the contract's end", reason: IN_WORK },
  { id: "CON-04", name: "Contract exceeded", reason: IN_WORK },
  { id: "CON-05", name: "Amendment not carried over", reason: `${NO_CLM} Amendments are not told apart.` },
  { id: "CON-06", name: "Billing schedule differs", reason: `${NO_CLM} Billing schedules are not read.` },
  { id: "CON-07", name: "Purchase order missing, expired or used up", reason: IN_WORK },
  { id: "CON-08", name: "Billed contract without signature", reason: IN_WORK },
  { id: "PRJ-02", name: "Project in the ERP alone", reason: IN_WORK },
  { id: "PRJ-04", name: "Financial dimensions differ", reason: IN_WORK },
  { id: "PRJ-05", name: "Legal entity without mapping", reason: IN_WORK },
  {
    id: "PRJ-07",
    name: "Project active before it was ready",
    reason: "No checklist of a project's readiness is read.",
  },
  { id: "TSK-01", name: "Task missing in ERP", reason: IN_WORK },
  { id: "TSK-02", name: "Time on a closed task", reason: IN_WORK },
  { id: "TSK-03", name: "Billable flag of a task differs", reason: IN_WORK },
  {
    id: "RES-01",
    name: "Worker missing",
    reason: `${NO_HR} The PSA and the ERP can be compared without one.`,
  },
  { id: "RES-02", name: "Role or grade differs", reason: `${NO_HR} Grades are read from the PSA alone.` },
  { id: "RES-03", name: "Cost rate differs", reason: NO_COST },
  {
    id: "RES-04",
    name: "Work after the last day",
    reason: `${NO_HR} Last days come from the PSA, where it holds them.`,
  },
  { id: "RES-05", name: "Subcontractor without vendor or order", reason: NO_VENDOR },
  { id: "ASG-02", name: "Assignment in the ERP alone", reason: IN_WORK },
  { id: "ASG-05", name: "Bookings beyond the budget", reason: IN_WORK },
  { id: "ASG-06", name: "Time without assignment", reason: IN_WORK },
  { id: "ASG-07", name: "Booked beyond capacity", reason: IN_WORK },
  { id: "ASG-08", name: "Free in one tool, booked in another", reason: NO_RM },
  { id: "RAT-03", name: "Work in a gap between rates", reason: IN_WORK },
  { id: "RAT-04", name: "Rates overlap", reason: IN_WORK },
  { id: "RAT-05", name: "Project on another region's card", reason: IN_WORK },
  { id: "RAT-06", name: "Currency of card and project differ", reason: IN_WORK },
  { id: "RAT-07", name: "Discount or uplift not applied", reason: IN_WORK },
  { id: "TIM-04", name: "Time on a coding the ERP does not know", reason: IN_WORK },
  { id: "TIM-05", name: "Billable flag of time differs", reason: IN_WORK },
  { id: "TIM-07", name: "Approval overdue", reason: IN_WORK },
  { id: "TIM-08", name: "Posted after the cutoff", reason: IN_WORK },
  { id: "TIM-09", name: "Time beyond the purchase order or cap", reason: IN_WORK },
  { id: "TIM-10", name: "Hours of a project and week do not tie out", reason: IN_WORK },
  { id: "TIM-11", name: "Work logged and not recorded as time", reason: NO_WORK_TOOL },
  { id: "EXP-01", name: "Approved expense not in ERP", reason: IN_WORK },
  { id: "EXP-02", name: "Expense amount or currency differs", reason: IN_WORK },
  { id: "EXP-03", name: "Expense passed on or not", reason: IN_WORK },
  { id: "EXP-04", name: "Supplier's bill differs from the supplier's time", reason: NO_VENDOR },
  { id: "MIL-01", name: "Accepted milestone not in ERP", reason: IN_WORK },
  {
    id: "MIL-02",
    name: "Milestone done and not accepted",
    reason: `${NO_WORK_TOOL} The PSA's own state can stand in.`,
  },
  { id: "MIL-03", name: "Milestone amount or date differs", reason: IN_WORK },
  { id: "MIL-04", name: "Milestone billed without acceptance", reason: IN_WORK },
  { id: "INV-01", name: "Billable item on no invoice", reason: IN_WORK },
  { id: "INV-02", name: "Invoice line at another rate", reason: IN_WORK },
  { id: "INV-03", name: "Invoice total differs from its lines", reason: IN_WORK },
  { id: "INV-04", name: "Item invoiced twice", reason: IN_WORK },
  { id: "INV-05", name: "Dispute not told upstream", reason: NO_PAYMENT },
  {
    id: "INV-06",
    name: "Billed in the PSA, no document in the ERP",
    reason: "Billing events of the PSA are not read.",
  },
  { id: "INV-07", name: "Void or credit on one side only", reason: IN_WORK },
  {
    id: "INV-08",
    name: "Invoice lacks what the client asks for",
    reason: "Clients' invoice profiles are not read.",
  },
  { id: "INV-09", name: "Payment not told upstream", reason: NO_PAYMENT },
  { id: "REV-01", name: "Revenue without evidence", reason: NO_REVENUE },
  { id: "REV-02", name: "Recognised and earned differ", reason: NO_REVENUE },
  { id: "REV-03", name: "Recognised in another period", reason: NO_REVENUE },
  { id: "REV-04", name: "Backlog differs", reason: NO_REVENUE },
  { id: "UTL-01", name: "Utilisation differs", reason: `${NO_HR} Working hours per person are not read.` },
  { id: "SYS-04", name: "Written by an unknown identity", reason: IN_WORK },
  { id: "SYS-05", name: "Two writers undo each other", reason: IN_WORK },
  {
    id: "SYS-06",
    name: "Clock or fields of a source are off",
    reason: "Changed fields are told of under Sync health; no rule opens for them.",
  },
  {
    id: "SYS-07",
    name: "Push not confirmed",
    reason: "An unproven push is told of under Pushes; no rule opens for it.",
  },
];

/** Every id of the catalogue of checks, made or not. */
export const CATALOGUE_IDS: readonly string[] = [
  ...numbered("CUS", 7),
  ...numbered("OPP", 3),
  ...numbered("CON", 8),
  ...numbered("PRJ", 8),
  ...numbered("TSK", 3),
  ...numbered("RES", 5),
  ...numbered("ASG", 8),
  ...numbered("RAT", 7),
  ...numbered("TIM", 11),
  ...numbered("EXP", 4),
  ...numbered("MIL", 4),
  ...numbered("INV", 9),
  ...numbered("REV", 4),
  ...numbered("UTL", 1),
  ...numbered("SYS", 7),
];

function numbered(area: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${area}-${String(n + 1).padStart(2, "0")}`);
}

/** Those that no rule makes. */
export function notYet(rules: readonly { id: string }[]): NotYet[] {
  return NOT_YET.filter((n) => !rules.some((rule) => rule.id === n.id));
}
