/** All evaluators, by what their rules are about. */
import type { Evaluate } from "./answer.ts";
import { ASSIGNMENT_ANSWERS } from "./assignment.ts";
import { CONTRACT_ANSWERS } from "./contract.ts";
import { CUSTOMER_ANSWERS } from "./customer.ts";
import { EXPENSE_ANSWERS } from "./expense.ts";
import { INVOICE_ANSWERS } from "./invoice.ts";
import { MILESTONE_ANSWERS } from "./milestone.ts";
import { PROJECT_ANSWERS } from "./project.ts";
import { RATE_ANSWERS } from "./rate.ts";
import { RESOURCE_ANSWERS } from "./resource.ts";
import { SYSTEM_ANSWERS } from "./system.ts";
import { TASK_ANSWERS } from "./task.ts";
import { TIME_ANSWERS } from "./time.ts";

export const ANSWERS: readonly Evaluate[] = [
  ...CUSTOMER_ANSWERS,
  ...CONTRACT_ANSWERS,
  ...PROJECT_ANSWERS,
  ...TASK_ANSWERS,
  ...RESOURCE_ANSWERS,
  ...RATE_ANSWERS,
  ...ASSIGNMENT_ANSWERS,
  ...TIME_ANSWERS,
  ...EXPENSE_ANSWERS,
  ...MILESTONE_ANSWERS,
  ...INVOICE_ANSWERS,
  ...SYSTEM_ANSWERS,
];
