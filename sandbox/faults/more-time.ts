/** Faults and near misses in time whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const TIME_FAULTS: readonly ((planting: Planting) => void)[] = [];
