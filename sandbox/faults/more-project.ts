/** Faults and near misses in projects whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const PROJECT_FAULTS: readonly ((planting: Planting) => void)[] = [];
