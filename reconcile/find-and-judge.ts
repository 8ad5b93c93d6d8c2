/** One comparison up to its judgement: which way to find what differs, and the gate that its sides have not shrunk. */
import { newId } from "#core/ids";
import { durationMs, type Instant, instantOf, msOf } from "#core/time";
import type { LastRun } from "#sql/queries/reconcile";
import { type SideRows, shrunkSide } from "./gates.ts";
import type { ReconcileDeps, ReconcileOptions } from "./run.ts";
import type { RunReport } from "./run-report.ts";
import {
  countDirect,
  countKinds,
  findTouched,
  type Judged,
  judge,
  type Statement,
  scanRepeated,
  tooManyToLookUp,
} from "./steps.ts";
import { MARGIN_MS } from "./unchanged.ts";
import { applyGateFailures } from "./verdicts.ts";

export interface Attempt {
  statement: Statement;
  deps: ReconcileDeps;
  options: ReconcileOptions;
  last: LastRun | null;
  /** How the comparison is made now; see madeHow. */
  hash: string;
  /** What the run says of itself so far; a gate that holds is written into it. */
  report: RunReport;
}

/** Everything up to the judgement; `judged` is null when a gate held, which the report then says. */
export async function findAndJudge(attempt: Attempt): Promise<{ rows: SideRows; judged: Judged | null }> {
  const { statement, deps, options, last, report } = attempt;
  const { comparison } = statement;
  const judging = () => options.onProgress?.({ comparison: comparison.id, step: "judge" });
  const before = last && !isAccepted(attempt) ? { left: last.left_rows, right: last.right_rows } : null;
  if (comparison.find === "direct" && last && !isFullDue(deps, options, last)) {
    // Both sides are read once. That every key comes out is proven by the full runs, which count them on their own as well.
    judging();
    await judge(statement, "all");
    const judged = await countKinds(statement, { judged: true });
    return (await holdIfShrunk(attempt, judged.rows, before))
      ? { rows: before ?? judged.rows, judged: null }
      : { rows: judged.rows, judged };
  }
  if (comparison.find === "direct") {
    const counted = await countDirect(statement);
    const rows = { left: counted.left, right: counted.right };
    if (await holdIfShrunk(attempt, rows, before)) return { rows: before ?? rows, judged: null };
    judging();
    if (counted.keys > 0) await judge(statement, "all");
    return { rows, judged: await countKinds(statement, { direct: counted.keys }) };
  }
  if (last && !isFullDue(deps, options, last) && !wasChanged(attempt, last)) {
    const touched = await findTouched(statement, comparison.entity, seenFrom(last.seen_until));
    if (options.mode === "incremental" || !tooManyToLookUp(touched, last.left_rows)) {
      report.mode = "incremental";
      judging();
      await judge(statement, "touched");
      const judged = await countKinds(statement, { touched });
      const rows = { left: last.left_rows, right: last.right_rows };
      const left = {
        left: rows.left - judged.counts.missing_left,
        right: rows.right - judged.counts.missing_right,
      };
      return (await holdIfShrunk(attempt, left, before)) ? { rows, judged: null } : { rows, judged };
    }
  }
  const rows = await scanRepeated(statement);
  if (await holdIfShrunk(attempt, rows, before)) return { rows: before ?? rows, judged: null };
  judging();
  await judge(statement, "found");
  return { rows, judged: await countKinds(statement, { streamed: true }) };
}

/** From when on touched keys are looked up by a run after one that had seen everything up to a moment. */
export function seenFrom(seenUntil: Instant): string {
  return instantOf(Math.max(0, msOf(seenUntil) - MARGIN_MS));
}

/** Whether everything must be compared: asked for, or long enough since it last was. */
export function isFullDue(deps: ReconcileDeps, options: ReconcileOptions, last: LastRun): boolean {
  return (
    options.mode === "full" ||
    (options.mode === "auto" &&
      deps.clock.now() - msOf(last.full_at) >= durationMs(deps.config.reconcile.fullEvery))
  );
}

/**
 * Whether everything was last compared in another way: by other rules, thresholds or views. What was judged so is judged anew. Asked
 * of the statements and not of the time of a change, so that a change made while a run is under way is not taken for one it knew.
 */
export function wasChanged({ hash }: Pick<Attempt, "hash">, last: LastRun): boolean {
  return last.full_hash !== hash;
}

const isAccepted = ({ statement, options }: Attempt) =>
  options.acceptShrunk?.includes(statement.comparison.id) === true;

/** Whether a side is suspiciously empty; it is then told, and nothing is concluded. That it is whole again is concluded with a run. */
async function holdIfShrunk(attempt: Attempt, rows: SideRows, before: SideRows | null): Promise<boolean> {
  const { statement, deps, report } = attempt;
  const { comparison } = statement;
  const shrunk = isAccepted(attempt) ? null : shrunkSide(comparison, rows, before);
  if (!shrunk) return false;
  await applyGateFailures(
    statement.store,
    { runId: newId(), runAt: report.startedAt, comparison: comparison.id, asOf: report.asOf },
    deps.config.sources
      .filter((s) => s.role === shrunk.side.role)
      .map((s) => ({
        rule: "SYS-01",
        evidence: `${s.id}|${comparison.entity}`,
        key: `${s.id}|${comparison.entity}`,
        sourceId: s.id,
        stream: comparison.entity,
        message: shrunk.detail,
      })),
  );
  Object.assign(report, { why: shrunk.why, detail: shrunk.detail });
  return true;
}
