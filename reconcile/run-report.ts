/** What a run of a comparison leaves: the report for whoever asked, and the row of `comparison_run`. */
import { InvariantError } from "#core/errors";
import { type Instant, instantOf } from "#core/time";
import type { comparisonRunTable, RunBasis } from "#sql/queries/reconcile";
import type { Kind } from "./comparison.ts";
import type { AsOf, SideRows } from "./gates.ts";
import { type LifecycleCounts, NO_EVENTS } from "./lifecycle.ts";

export interface RunReport {
  runId: string;
  comparison: string;
  mode: "full" | "incremental";
  /** `not_applicable`: the sources there are cannot feed the comparison, so it was not made. */
  status: "clean" | "exceptions" | "inconclusive" | "failed" | "not_applicable";
  /** `unchanged`, `stale_source`, `incomplete_source`, `empty_side`, `shrunk_side`, `not_held`, `error` or "". */
  why: string;
  detail: string;
  startedAt: Instant;
  finishedAt: Instant;
  asOf: AsOf;
  keys: number;
  counts: Record<Kind, number>;
  missedByIncremental: number;
  events: LifecycleCounts;
}

const NO_KINDS: Record<Kind, number> = {
  match: 0,
  pending: 0,
  unlinked: 0,
  duplicate_key: 0,
  missing_left: 0,
  missing_right: 0,
  mismatch: 0,
};

/** The report of a run that has only begun: inconclusive until something is concluded. */
export function newReport(runId: string, comparison: string, startedAt: Instant, asOf: AsOf): RunReport {
  return {
    runId,
    comparison,
    mode: "full",
    status: "inconclusive",
    why: "",
    detail: "",
    startedAt,
    finishedAt: startedAt,
    asOf,
    keys: 0,
    counts: { ...NO_KINDS },
    missedByIncremental: 0,
    events: { ...NO_EVENTS },
  };
}

/** Concludes a run that need not be made: nothing it reads has changed since this one, so its outcome stands. */
export function standsUnchanged(report: RunReport, basis: RunBasis): void {
  const { matched, pending, unlinked, duplicate_key, missing_left, missing_right, mismatch } = basis;
  Object.assign(report, {
    mode: "incremental",
    status: basis.status,
    why: "unchanged",
    detail: `Nothing this compares has changed since the full run of ${basis.started_at.slice(0, 16).replace("T", " ")} UTC, so its outcome stands.`,
    keys: basis.keys,
    counts: { match: matched, pending, unlinked, duplicate_key, missing_left, missing_right, mismatch },
  });
}

/**
 * The row of a run. Throws InvariantError when its kinds do not add up to its keys.
 * @param sqlHash of the statements that were run; "" when none were
 */
export function runRow(
  report: RunReport,
  rows: SideRows,
  sqlHash: string,
): Parameters<typeof comparisonRunTable.write>[0] {
  const { counts } = report;
  const sum = Object.values(counts).reduce((a, b) => a + b, 0);
  if (sum !== report.keys)
    throw new InvariantError(
      "reconcile.kinds",
      `${report.comparison}: the kinds add up to ${sum}, the keys are ${report.keys}`,
    );
  return {
    run_id: report.runId,
    comparison: report.comparison,
    mode: report.mode,
    started_at: report.startedAt,
    finished_at: report.finishedAt,
    status: report.status,
    why: report.why,
    detail: report.detail,
    sql_hash: sqlHash,
    left_as_of: report.asOf.left ?? instantOf(0),
    right_as_of: report.asOf.right ?? instantOf(0),
    left_rows: rows.left,
    right_rows: rows.right,
    keys: report.keys,
    matched: counts.match,
    pending: counts.pending,
    unlinked: counts.unlinked,
    duplicate_key: counts.duplicate_key,
    missing_left: counts.missing_left,
    missing_right: counts.missing_right,
    mismatch: counts.mismatch,
    missed_by_incremental: report.missedByIncremental,
    seen_until: report.startedAt,
  };
}
