/** Sales and what was signed for them. */
import type { Comparison } from "../comparison.ts";

export const CONTRACT_COMPARISONS: readonly Comparison[] = [];
