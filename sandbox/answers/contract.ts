/** The answers of the rules about contracts. */
import type { Evaluate } from "./answer.ts";

export const CONTRACT_ANSWERS: readonly Evaluate[] = [];
