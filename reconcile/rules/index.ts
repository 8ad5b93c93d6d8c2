/** The catalogue, in the order people read it. Checked when it is loaded: nothing starts on rules that overlap. */
import { COMPARISONS } from "../comparisons/index.ts";
import { checkCatalogue, type Rule } from "../rule.ts";
import { ASSIGNMENT_RULES } from "./assignment.ts";
import { CONTRACT_RULES } from "./contract.ts";
import { CUSTOMER_RULES } from "./customer.ts";
import { EXPENSE_RULES } from "./expense.ts";
import { INVOICE_RULES } from "./invoice.ts";
import { MILESTONE_RULES } from "./milestone.ts";
import { PROJECT_RULES } from "./project.ts";
import { RATE_RULES } from "./rate.ts";
import { RESOURCE_RULES } from "./resource.ts";
import { SYSTEM_RULES } from "./system.ts";
import { TASK_RULES } from "./task.ts";
import { TIME_RULES } from "./time.ts";

export const RULES: readonly Rule[] = [
  ...CUSTOMER_RULES,
  ...CONTRACT_RULES,
  ...PROJECT_RULES,
  ...TASK_RULES,
  ...RESOURCE_RULES,
  ...RATE_RULES,
  ...ASSIGNMENT_RULES,
  ...TIME_RULES,
  ...EXPENSE_RULES,
  ...MILESTONE_RULES,
  ...INVOICE_RULES,
  ...SYSTEM_RULES,
];

checkCatalogue(RULES, COMPARISONS);

/** The rule with this id, or undefined. */
export function ruleById(id: string): Rule | undefined {
  return RULES.find((r) => r.id === id);
}
