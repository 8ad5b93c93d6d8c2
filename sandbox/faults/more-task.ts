/** Faults and near misses in tasks whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const TASK_FAULTS: readonly ((planting: Planting) => void)[] = [];
