/** The answers of the rules about assignments. */
import type { Evaluate } from "./answer.ts";

export const ASSIGNMENT_ANSWERS: readonly Evaluate[] = [];
