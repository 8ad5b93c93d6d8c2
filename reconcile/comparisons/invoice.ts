/** Bills to customers. */
import type { Comparison } from "../comparison.ts";

export const INVOICE_COMPARISONS: readonly Comparison[] = [];
