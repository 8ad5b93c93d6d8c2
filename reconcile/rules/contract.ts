/** Sales and contracts: what was sold is signed, and what was signed is what is worked and billed. */
import type { Rule } from "../rule.ts";

export const CONTRACT_RULES: readonly Rule[] = [];
