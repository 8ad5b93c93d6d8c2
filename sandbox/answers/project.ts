/** The answers of the rules about projects. */
import type { Evaluate } from "./answer.ts";

export const PROJECT_ANSWERS: readonly Evaluate[] = [];
