/** Work breakdown. */
import type { Comparison } from "../comparison.ts";

export const TASK_COMPARISONS: readonly Comparison[] = [];
