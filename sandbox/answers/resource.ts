/** The answers of the rules about resources. */
import type { Evaluate } from "./answer.ts";

export const RESOURCE_ANSWERS: readonly Evaluate[] = [];
