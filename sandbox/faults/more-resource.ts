/** Faults and near misses in resources whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const RESOURCE_FAULTS: readonly ((planting: Planting) => void)[] = [];
