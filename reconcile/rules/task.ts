/** Work breakdown: what people book time on is open and billed alike in every system. */
import type { Rule } from "../rule.ts";

export const TASK_RULES: readonly Rule[] = [];
