/** The answers of the rules about time. */
import type { Evaluate } from "./answer.ts";

export const TIME_ANSWERS: readonly Evaluate[] = [];
