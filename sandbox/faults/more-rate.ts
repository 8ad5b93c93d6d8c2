/** Faults and near misses in rates whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const RATE_FAULTS: readonly ((planting: Planting) => void)[] = [];
