/** All planters whose faults have their answers worked out, by what they are about. */
import { ASSIGNMENT_FAULTS } from "./more-assignment.ts";
import { CONTRACT_FAULTS } from "./more-contract.ts";
import { CUSTOMER_FAULTS } from "./more-customer.ts";
import { EXPENSE_FAULTS } from "./more-expense.ts";
import { INVOICE_FAULTS } from "./more-invoice.ts";
import { MILESTONE_FAULTS } from "./more-milestone.ts";
import { PROJECT_FAULTS } from "./more-project.ts";
import { RATE_FAULTS } from "./more-rate.ts";
import { RESOURCE_FAULTS } from "./more-resource.ts";
import { TASK_FAULTS } from "./more-task.ts";
import { TIME_FAULTS } from "./more-time.ts";
import type { Planting } from "./planting.ts";

export const MORE_FAULTS: readonly ((planting: Planting) => void)[] = [
  ...CUSTOMER_FAULTS,
  ...CONTRACT_FAULTS,
  ...PROJECT_FAULTS,
  ...TASK_FAULTS,
  ...RESOURCE_FAULTS,
  ...RATE_FAULTS,
  ...ASSIGNMENT_FAULTS,
  ...TIME_FAULTS,
  ...EXPENSE_FAULTS,
  ...MILESTONE_FAULTS,
  ...INVOICE_FAULTS,
];
