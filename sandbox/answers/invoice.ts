/** The answers of the rules about invoices. */
import type { Evaluate } from "./answer.ts";

export const INVOICE_ANSWERS: readonly Evaluate[] = [];
