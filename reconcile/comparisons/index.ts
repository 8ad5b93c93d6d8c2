/** The comparisons this release makes, parents before children: what fails in an earlier one may explain what fails in a later one. */
import type { Comparison } from "../comparison.ts";
import { ASSIGNMENT_COMPARISONS } from "./assignment.ts";
import { CONTRACT_COMPARISONS } from "./contract.ts";
import { CUSTOMER_COMPARISONS } from "./customer.ts";
import { EXPENSE_COMPARISONS } from "./expense.ts";
import { INVOICE_COMPARISONS } from "./invoice.ts";
import { MILESTONE_COMPARISONS } from "./milestone.ts";
import { PROJECT_COMPARISONS } from "./project.ts";
import { RATE_COMPARISONS } from "./rate.ts";
import { RESOURCE_COMPARISONS } from "./resource.ts";
import { TASK_COMPARISONS } from "./task.ts";
import { TIME_COMPARISONS } from "./time.ts";

/** Comparisons that are about the same kind of thing. */
export interface Area {
  /** For people, as a heading. */
  name: string;
  comparisons: readonly Comparison[];
}

export const AREAS: readonly Area[] = [
  { name: "Clients", comparisons: CUSTOMER_COMPARISONS },
  { name: "Sales and contracts", comparisons: CONTRACT_COMPARISONS },
  { name: "Projects", comparisons: PROJECT_COMPARISONS },
  { name: "Tasks", comparisons: TASK_COMPARISONS },
  { name: "People", comparisons: RESOURCE_COMPARISONS },
  { name: "Rates", comparisons: RATE_COMPARISONS },
  { name: "Assignments", comparisons: ASSIGNMENT_COMPARISONS },
  { name: "Time", comparisons: TIME_COMPARISONS },
  { name: "Expenses", comparisons: EXPENSE_COMPARISONS },
  { name: "Milestones", comparisons: MILESTONE_COMPARISONS },
  { name: "Invoices", comparisons: INVOICE_COMPARISONS },
];

export const COMPARISONS: readonly Comparison[] = AREAS.flatMap((area) => area.comparisons);
