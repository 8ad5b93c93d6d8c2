/** The answers of the rules about expenses. */
import type { Evaluate } from "./answer.ts";

export const EXPENSE_ANSWERS: readonly Evaluate[] = [];
