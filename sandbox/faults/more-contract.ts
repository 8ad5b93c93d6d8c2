/** Faults and near misses in contracts whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const CONTRACT_FAULTS: readonly ((planting: Planting) => void)[] = [];
