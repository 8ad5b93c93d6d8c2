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

const NO_WORK_TOOL = "No work management tool is connected.";
const NO_CLM = "No contract management system is connected.";
const NO_REVENUE = "Recognised revenue is not read from the ERP.";
const NO_VENDOR = "Vendors, vendor bills and purchase orders to suppliers are not read.";
const NO_PAYMENT = "Disputes and payments of invoices are not read.";

export const NOT_YET: readonly NotYet[] = [
  {
    id: "CUS-04",
    name: "Tax registration differs",
    reason:
      "Tax numbers are read; the comparison of them, and the tax an invoice should bear, are not built.",
  },
  {
    id: "CON-05",
    name: "Amendment not carried over",
    reason: `${NO_CLM} Amendments of the CRM count in prices and caps; whether each reached the other systems is not compared.`,
  },
  { id: "CON-06", name: "Billing schedule differs", reason: `${NO_CLM} Billing schedules are not read.` },
  {
    id: "CON-08",
    name: "Billed contract without signature",
    reason: `${NO_CLM} The ERP's contracts are not read, only its projects and invoices.`,
  },
  { id: "RES-05", name: "Subcontractor without vendor or order", reason: NO_VENDOR },
  {
    id: "ASG-05",
    name: "Bookings beyond the budget",
    reason: "No connector reads a project's approved budget yet.",
  },
  {
    id: "ASG-08",
    name: "Free in one tool, booked in another",
    reason: "No resource management tool beside the PSA is connected.",
  },
  {
    id: "RAT-05",
    name: "Project on another region's card",
    reason:
      "Which card belongs to which region is nowhere said: the map it needs is not part of the configuration.",
  },
  {
    id: "RAT-07",
    name: "Discount or uplift not applied",
    reason:
      "Discounts count in the price that invoices are held to (INV-02); no rule of its own holds rates to them, and indexation clauses are not read.",
  },
  {
    id: "TIM-08",
    name: "Posted after the cutoff",
    reason:
      "When a line was posted in the ERP is not read, so a late line cannot be told from one changed later.",
  },
  {
    id: "TIM-09",
    name: "Time beyond the purchase order or cap",
    reason:
      "Work beyond a cap is found by CON-04, per contract; what a purchase order is good for is not read.",
  },
  {
    id: "TIM-10",
    name: "Hours of a project and week do not tie out",
    reason: "The control total is not built; TIM-01 to TIM-06 compare line by line.",
  },
  { id: "TIM-11", name: "Work logged and not recorded as time", reason: NO_WORK_TOOL },
  { id: "EXP-04", name: "Supplier's bill differs from the supplier's time", reason: NO_VENDOR },
  { id: "MIL-02", name: "Milestone done and not accepted", reason: NO_WORK_TOOL },
  { id: "INV-05", name: "Dispute not told upstream", reason: NO_PAYMENT },
  { id: "INV-09", name: "Payment not told upstream", reason: NO_PAYMENT },
  { id: "REV-01", name: "Revenue without evidence", reason: NO_REVENUE },
  { id: "REV-02", name: "Recognised and earned differ", reason: NO_REVENUE },
  { id: "REV-03", name: "Recognised in another period", reason: NO_REVENUE },
  { id: "REV-04", name: "Backlog differs", reason: NO_REVENUE },
  {
    id: "UTL-01",
    name: "Utilisation differs",
    reason:
      "No personnel system is connected, and only the PSA could say how a person's working time was used.",
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
