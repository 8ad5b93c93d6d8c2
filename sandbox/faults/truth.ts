/** The answer sheet of a sandbox: what was planted, what only looks like a fault, and what a correct push would write. */
import type { DecimalText } from "#core/decimal";
import type { Instant } from "#core/time";

/** At stake, in the currency of the work and in the reporting currency; exact to four places. */
export interface Stake {
  amount: DecimalText;
  currency: string;
  reporting: DecimalText;
  /** Lines left out because no contract prices them. */
  unpriced: number;
}

export interface PlantedPush {
  targetRole: "erp";
  entity: "rate_line" | "assignment" | "time_entry" | "project";
  action: "update" | "create";
  key: string;
  changes: readonly { field: string; from: string | null; to: string | null }[];
}

/** One exception that must be open, and no other of its rule, comparison and key. */
export interface PlantedFault {
  rule: string;
  comparison: string;
  key: string;
  kind: "unlinked" | "duplicate_key" | "missing_left" | "missing_right" | "mismatch";
  /** Compared fields that differ; empty unless `kind` is mismatch. */
  fields: readonly string[];
  /** Null where the rule puts no money on it, or nothing prices the work. */
  money: Stake | null;
  push: PlantedPush | null;
  story: string;
}

/** A difference that must not be reported. */
export interface NearMiss {
  /** The rule that would be wrong to fire. */
  rule: string;
  comparison: string;
  key: string;
  why: string;
  /** Set when it is quiet only because it is fresh: from this instant on it counts as a fault unless the firm puts it right. */
  pendingUntil: Instant | null;
}

/** A failure explained by another exception, so not opened on its own. */
export interface Absorbed {
  rule: string;
  comparison: string;
  key: string;
  by: { rule: string; key: string };
}

export interface Truth {
  seed: number;
  asOf: Instant;
  planted: readonly PlantedFault[];
  nearMisses: readonly NearMiss[];
  absorbed: readonly Absorbed[];
  /** Faults that were planted and that others, planted after them, undid: "rule comparison key". */
  overtaken: readonly string[];
}
