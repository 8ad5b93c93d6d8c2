/** The answers of the rules about tasks. */
import type { Evaluate } from "./answer.ts";

export const TASK_ANSWERS: readonly Evaluate[] = [];
