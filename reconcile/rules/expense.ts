/** Expenses: what was approved reaches the client once, at its amount. */
import type { Rule } from "../rule.ts";

export const EXPENSE_RULES: readonly Rule[] = [];
