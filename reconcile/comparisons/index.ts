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

export const COMPARISONS: readonly Comparison[] = [
  ...CUSTOMER_COMPARISONS,
  ...CONTRACT_COMPARISONS,
  ...PROJECT_COMPARISONS,
  ...TASK_COMPARISONS,
  ...RESOURCE_COMPARISONS,
  ...RATE_COMPARISONS,
  ...ASSIGNMENT_COMPARISONS,
  ...TIME_COMPARISONS,
  ...EXPENSE_COMPARISONS,
  ...MILESTONE_COMPARISONS,
  ...INVOICE_COMPARISONS,
];
