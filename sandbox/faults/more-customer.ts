/** Faults and near misses in customers whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const CUSTOMER_FAULTS: readonly ((planting: Planting) => void)[] = [];
