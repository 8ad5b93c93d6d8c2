/** Billable events. */
import type { Comparison } from "../comparison.ts";

export const MILESTONE_COMPARISONS: readonly Comparison[] = [];
