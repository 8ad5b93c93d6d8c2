/** Milestones: what the client accepted is billed, and nothing else. */
import type { Rule } from "../rule.ts";

export const MILESTONE_RULES: readonly Rule[] = [];
