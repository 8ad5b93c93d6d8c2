/** Faults and near misses in milestones whose answers are worked out (see sandbox/answers). */
import type { Planting } from "./planting.ts";

export const MILESTONE_FAULTS: readonly ((planting: Planting) => void)[] = [];
