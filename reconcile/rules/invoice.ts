/** Invoices: they hold what was worked, once, at the signed price. */
import type { Rule } from "../rule.ts";

export const INVOICE_RULES: readonly Rule[] = [];
