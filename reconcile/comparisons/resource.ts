/** People who book time. */
import type { Comparison } from "../comparison.ts";

export const RESOURCE_COMPARISONS: readonly Comparison[] = [];
