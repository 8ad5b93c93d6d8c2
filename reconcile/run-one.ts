/** One comparison at its turn: the gates, what can only come out as it stands, else find, judge, rules; and the row it leaves. */
import { type AppError, sayError } from "#core/errors";
import { newId } from "#core/ids";
import { log } from "#core/log";
import { type Instant, instantOf, msOf } from "#core/time";
import { comparisonRunTable, type LastRun, missedKeys, type RunBasis } from "#sql/queries/reconcile";
import type { Store } from "#sql/store";
import type { Comparison } from "./comparison.ts";
import { type Attempt, findAndJudge, isFullDue, seenFrom, wasChanged } from "./find-and-judge.ts";
import { asOf, type Gates, heldBack, type SideRows } from "./gates.ts";
import type { Catalogue } from "./governance/catalogue.ts";
import { missedKey, tellOfMissed } from "./integrity.ts";
import type { ReconcileDeps, ReconcileOptions } from "./run.ts";
import { newReport, type RunReport, runRow, standsUnchanged } from "./run-report.ts";
import { type Judged, type Statement, statementsOf } from "./steps.ts";
import { foundOtherwise, madeHow, type Standing } from "./unchanged.ts";
import { applyRules } from "./verdicts.ts";

export interface Turn {
  store: Store;
  deps: ReconcileDeps;
  options: ReconcileOptions;
  /** The rules in force. */
  catalogue: Catalogue;
  comparison: Comparison;
  gates: Gates;
  standing: Standing;
  last: LastRun | null;
  runAt: Instant;
}

type RunRow = ReturnType<typeof runRow>;

/**
 * Runs one comparison. Whatever goes wrong in it is in the report; throws only when the report cannot be stored. The row of a run
 * that was not made is given back to be stored later, with others: nothing rests on it.
 */
export async function runOne(turn: Turn): Promise<{ report: RunReport; unstored: RunRow[] }> {
  const { store, deps, options, catalogue, comparison, gates, standing, last, runAt } = turn;
  const times = asOf(gates, comparison);
  // What has settled is judged as of the data: an hour the sources were not read is no hour of quiet.
  const settledAt =
    [instantOf(deps.clock.now()), times.left, times.right].reduce((a, b) =>
      b !== null && a !== null && b < a ? b : a,
    ) ?? runAt;
  const statements = statementsOf(comparison, catalogue.rules);
  const statement: Statement = {
    store,
    comparison,
    catalogue,
    statements,
    runId: newId(),
    params: { as_of: runAt.slice(0, 10), reporting: deps.config.reporting.currency, runAt, settledAt },
    signal: options.signal,
  };
  const hash = madeHow(comparison, catalogue.rules, statements, deps.config.reporting.currency);
  const report = newReport(statement.runId, comparison.id, runAt, times);
  let rows: SideRows = { left: last?.left_rows ?? 0, right: last?.right_rows ?? 0 };
  try {
    const held = heldBack(gates, comparison);
    const basis =
      comparison.find === "direct" ? standing.unchanged(comparison, statements, hash, runAt) : null;
    if (held) Object.assign(report, held);
    else if (basis && last && mayStand(turn, last)) {
      standsUnchanged(report, basis);
      rows = { left: basis.left_rows, right: basis.right_rows };
    } else {
      options.onProgress?.({ comparison: comparison.id, step: "find" });
      const outcome = await findAndJudge({ statement, deps, options, last, hash, report });
      rows = outcome.rows;
      if (outcome.judged) {
        report.keys = outcome.judged.keys;
        report.counts = outcome.judged.counts;
        await conclude(
          { statement, deps, options, last, hash, report },
          outcome.judged,
          basis,
          !standing.hasNone(comparison.id),
        );
        standing.made(comparison.id, runAt);
      }
    }
  } catch (error) {
    if (options.signal?.aborted)
      Object.assign(report, { status: "failed", why: "cancelled", detail: "The run was cancelled." });
    else {
      log.error({ err: error, comparison: comparison.id }, "reconciliation failed");
      Object.assign(report, { status: "failed", why: errorCode(error), detail: sayError(error) });
    }
  }
  report.finishedAt = instantOf(Math.max(deps.clock.now(), msOf(runAt)));
  const row = runRow(report, rows, hash);
  if (report.why === "unchanged") return { report, unstored: [row] };
  await store.insert(comparisonRunTable, [row]);
  return { report, unstored: [] };
}

/** Full runs prove that leaving out what cannot have changed misses nothing; a side that a person accepted is looked at again. */
function mayStand({ deps, options, comparison }: Turn, last: LastRun): boolean {
  return !isFullDue(deps, options, last) && options.acceptShrunk?.includes(comparison.id) !== true;
}

/** What a judged run means: what the runs before it missed, and what the rules say. */
async function conclude(
  attempt: Attempt,
  judged: Judged,
  basis: RunBasis | null,
  mayEnd: boolean,
): Promise<void> {
  const { statement, deps, options, last, report } = attempt;
  const { store, comparison } = statement;
  // One that is made directly looks at everything at every turn; it proves something where it was not due. What was judged in
  // another way cannot be held against the runs before.
  const proves =
    report.mode === "full" &&
    last !== null &&
    !wasChanged(attempt, last) &&
    (comparison.find === "streamed" || isFullDue(deps, options, last));
  if (proves) report.missedByIncremental = await missed(statement, last, basis);
  if (report.missedByIncremental > 0) await tellOfMissed(store, comparison, report);
  options.onProgress?.({ comparison: comparison.id, step: "rules" });
  report.events = await applyRules(statement, judged, report.asOf, {
    scope: report.mode === "full" ? "all" : "touched",
    proves,
    mayEnd,
    held: report.missedByIncremental > 0 ? [missedKey(comparison)] : [],
  });
  const failing = report.keys - report.counts.match - report.counts.pending;
  report.status = failing > 0 ? "exceptions" : "clean";
}

/** Keys that came out otherwise than they stood although nothing that they come from was touched. */
async function missed(statement: Statement, last: LastRun, basis: RunBasis | null): Promise<number> {
  const { store, comparison, runId } = statement;
  if (last.last_mode === "full") return 0;
  if (comparison.find === "direct")
    return basis === null ? 0 : foundOtherwise(store, comparison.id, [basis.run_id, runId]);
  const seen_from = seenFrom(last.seen_until);
  const params = { comparison: comparison.id, run_id: runId, entity: comparison.entity, seen_from };
  return (await store.query(missedKeys, params))[0]?.keys ?? 0;
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof (error as AppError).code === "string"
    ? (error as AppError).code
    : "error";
}
