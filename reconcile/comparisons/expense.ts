/** Reimbursable costs. */
import type { Comparison } from "../comparison.ts";

export const EXPENSE_COMPARISONS: readonly Comparison[] = [];
