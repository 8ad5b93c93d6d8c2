/** The answers of the rules about rates. */
import type { Evaluate } from "./answer.ts";

export const RATE_ANSWERS: readonly Evaluate[] = [];
