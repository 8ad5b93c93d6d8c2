/** The runbook of every rule: the one written for it, or what its remedy says. */
import type { Rule } from "../rule.ts";
import { CONTRACT_RUNBOOKS } from "./contract.ts";
import { CUSTOMER_RUNBOOKS } from "./customer.ts";
import { EXPENSE_RUNBOOKS, MILESTONE_RUNBOOKS } from "./expense.ts";
import { INVOICE_RUNBOOKS } from "./invoice.ts";
import { PROJECT_RUNBOOKS, TASK_RUNBOOKS } from "./project.ts";
import { RATE_RUNBOOKS } from "./rate.ts";
import { ASSIGNMENT_RUNBOOKS, RESOURCE_RUNBOOKS } from "./resource.ts";
import type { Hold, Runbook, Runbooks } from "./runbook.ts";
import { SYSTEM_RUNBOOKS } from "./system.ts";
import { TIME_RUNBOOKS } from "./time.ts";

const WRITTEN: Runbooks = {
  ...CUSTOMER_RUNBOOKS,
  ...CONTRACT_RUNBOOKS,
  ...PROJECT_RUNBOOKS,
  ...TASK_RUNBOOKS,
  ...RESOURCE_RUNBOOKS,
  ...RATE_RUNBOOKS,
  ...ASSIGNMENT_RUNBOOKS,
  ...TIME_RUNBOOKS,
  ...EXPENSE_RUNBOOKS,
  ...MILESTONE_RUNBOOKS,
  ...INVOICE_RUNBOOKS,
  ...SYSTEM_RUNBOOKS,
};

/** What is written for a rule, completed: every rule has steps and a hold. */
export function runbookOf(rule: Pick<Rule, "id" | "owner" | "remedy">): Runbook & { hold: Hold } {
  const written = WRITTEN[rule.id];
  if (written) return { ...written, hold: written.hold ?? "data" };
  return {
    hold: "data",
    steps: [
      "Open the exception and compare both sides with the document or decision behind them.",
      rule.remedy ?? `Have ${rule.owner} put it right in the system that is wrong.`,
      "The next conclusive run resolves it; nobody closes it by hand.",
    ],
  };
}

/** Whether steps were written for a rule, rather than made from its remedy. */
export function hasRunbook(id: string): boolean {
  return WRITTEN[id] !== undefined;
}
