/** The answers of the rules about customers. */
import type { Evaluate } from "./answer.ts";

export const CUSTOMER_ANSWERS: readonly Evaluate[] = [];
