/** Faults and near misses in expenses whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const EXPENSE_FAULTS: readonly ((planting: Planting) => void)[] = [];
