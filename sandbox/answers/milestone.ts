/** The answers of the rules about milestones. */
import type { Evaluate } from "./answer.ts";

export const MILESTONE_ANSWERS: readonly Evaluate[] = [];
