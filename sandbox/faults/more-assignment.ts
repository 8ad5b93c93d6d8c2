/** Faults and near misses in assignments whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const ASSIGNMENT_FAULTS: readonly ((planting: Planting) => void)[] = [];
