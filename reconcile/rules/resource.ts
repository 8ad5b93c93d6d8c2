/** People: who books time is known, employed and costed alike. */
import type { Rule } from "../rule.ts";

export const RESOURCE_RULES: readonly Rule[] = [];
