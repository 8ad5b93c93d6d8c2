/**
 * A reconciliation: gates first, then each comparison in turn (find, judge, what the rules say, the lifecycle of exceptions), each
 * leaving a `comparison_run` row whatever happened. Nothing opens and nothing resolves unless a run is conclusive.
 */
import type { PlumblineConfig } from "#core/config";
import { type AppError, RequestError, sayError } from "#core/errors";
import { newId, sha256 } from "#core/ids";
import { log } from "#core/log";
import { type Clock, durationMs, type Instant, instantOf, msOf } from "#core/time";
import { comparisonRunTable, type LastRun, lastRuns, latestStart, missedKeys } from "#sql/queries/reconcile";
import { latestRuns } from "#sql/queries/runs";
import type { Store } from "#sql/store";
import { SEEN_MARGIN_MS } from "#sql/tables";
import { applicable, type KnownSource } from "./applicable.ts";
import { measureCaps } from "./caps.ts";
import type { Comparison } from "./comparison.ts";
import { COMPARISONS } from "./comparisons/index.ts";
import { refreshExceptions } from "./exception-state.ts";
import { loadExchangeRates } from "./exchange.ts";
import { readIntegrity } from "./gates/integrity.ts";
import { asOf, type Gates, heldBack, readGates, type SideRows, shrunkSide } from "./gates.ts";
import { type Catalogue, catalogueInForce, changedAt } from "./governance/catalogue.ts";
import { loadEscalation } from "./governance/escalation.ts";
import { closeRetired } from "./governance/promote.ts";
import { registerRules } from "./governance/register.ts";
import { SYSTEM_ACTOR, wakeExceptions } from "./lifecycle.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules/index.ts";
import { newReport, type RunReport, runRow } from "./run-report.ts";
import {
  countDirect,
  countKinds,
  findTouched,
  type Judged,
  judge,
  type Statement,
  scanRepeated,
  statementsOf,
  textOf,
  tooManyToLookUp,
} from "./steps.ts";
import { applyGateFailures, applyRules } from "./verdicts.ts";

export type { RunReport } from "./run-report.ts";

export type RunMode = "full" | "incremental" | "auto";

export interface ReconcileDeps {
  clock: Clock;
  config: PlumblineConfig;
  /**
   * The open sources; without them, every source counts as holding all that its role is for, and every stream ever read as feeding
   * every comparison of its source.
   */
  sources?: readonly KnownSource[];
  /** The catalogue; the built-in one when left out. */
  rules?: readonly Rule[];
}

export interface ReconcileOptions {
  /** Only the comparisons these rules rest on. */
  rules?: readonly string[] | undefined;
  /** `auto`: incremental between full runs, where a comparison can. */
  mode: RunMode;
  /** Comparisons whose empty or shrunken side a person has looked at and accepted. */
  acceptShrunk?: readonly string[];
  signal?: AbortSignal;
  onProgress?: (progress: RunProgress) => void;
}

export interface RunProgress {
  comparison: string;
  step: "gates" | "find" | "judge" | "rules" | "done";
}

const SUM_FAILED = "reconcile.sum";
/** Touched keys are looked up from this much before the last run began: a sync may have been writing then. */
const MARGIN_MS = 5 * SEEN_MARGIN_MS;

/**
 * Runs the comparisons that the sources can feed and returns a report for each, in order. A comparison that fails is reported as failed and the next is run.
 * Throws RequestError for a rule there is none of, and what the store throws while the gates are read.
 */
export async function reconcile(
  store: Store,
  deps: ReconcileDeps,
  options: ReconcileOptions,
): Promise<RunReport[]> {
  const released = { rules: deps.rules ?? RULES, comparisons: COMPARISONS, since: new Map() };
  const named = comparisonsOf(options.rules, released.rules);
  await refreshExceptions(store);
  await registerRules(store, deps.clock, deps.config);
  const catalogue = await catalogueInForce(store, released);
  const wanted = catalogue.comparisons.filter((c) => named.has(c.id));
  await closeRetired(store, deps.clock, SYSTEM_ACTOR);
  const tick = await ticker(store, deps.clock);
  await loadExchangeRates(store, deps.clock, deps.config);
  await loadEscalation(store, deps.clock, deps.config);
  await measureCaps(store, tick());
  await wakeExceptions(store, tick());
  options.onProgress?.({ comparison: "", step: "gates" });
  const gates = await readGates(store, deps.config, deps.clock.now(), deps.sources);
  await applyGateFailures(
    store,
    { runId: newId(), runAt: tick(), comparison: "", asOf: { left: null, right: null } },
    [...gates.failures, ...(await readIntegrity(store, deps.config, deps.clock.now(), deps.sources))],
  );
  const last = new Map((await store.query(lastRuns, {})).map((r) => [r.comparison, r]));
  const reports: RunReport[] = [];
  for (const comparison of wanted) {
    options.signal?.throwIfAborted();
    const scope = applicable(comparison, catalogue.rules, deps.config, deps.sources);
    if (!scope.applies) {
      reports.push(await notMade(store, comparison, scope.why, tick()));
      options.onProgress?.({ comparison: comparison.id, step: "done" });
      continue;
    }
    const attempt = () =>
      runOne(
        store,
        deps,
        options,
        catalogue,
        scope.comparison,
        gates,
        last.get(comparison.id) ?? null,
        tick(),
      );
    const first = await attempt();
    // A sync of another process may have written between the steps; what still does not add up then is a fault.
    const report = first.why === SUM_FAILED ? await attempt() : first;
    options.onProgress?.({ comparison: comparison.id, step: "done" });
    reports.push(report);
  }
  return reports;
}

/** A comparison that does not apply changes nothing; that it does not is kept once, not anew at every turn. */
async function notMade(
  store: Store,
  comparison: Comparison,
  why: string,
  runAt: Instant,
): Promise<RunReport> {
  const report = newReport(newId(), comparison.id, runAt, { left: null, right: null });
  Object.assign(report, { status: "not_applicable", why: "not_held", detail: why });
  const newest = (await store.query(latestRuns, {})).find((r) => r.comparison === comparison.id);
  if (newest?.status === report.status && newest.detail === why)
    return {
      ...report,
      runId: newest.run_id,
      startedAt: newest.started_at,
      finishedAt: newest.finished_at,
    };
  await store.insert(comparisonRunTable, [runRow(report, { left: 0, right: 0 }, "")]);
  return report;
}

type Last = LastRun | null;

async function runOne(
  store: Store,
  deps: ReconcileDeps,
  options: ReconcileOptions,
  catalogue: Catalogue,
  comparison: Comparison,
  gates: Gates,
  last: Last,
  runAt: Instant,
): Promise<RunReport> {
  const times = asOf(gates, comparison);
  // What has settled is judged as of the data: an hour the sources were not read is no hour of quiet.
  const settledAt =
    [instantOf(deps.clock.now()), times.left, times.right].reduce((a, b) =>
      b !== null && a !== null && b < a ? b : a,
    ) ?? runAt;
  const statement: Statement = {
    store,
    comparison,
    catalogue,
    statements: statementsOf(comparison, catalogue.rules),
    runId: newId(),
    params: { as_of: runAt.slice(0, 10), reporting: deps.config.reporting.currency, runAt, settledAt },
    signal: options.signal,
  };
  const report = newReport(statement.runId, comparison.id, runAt, times);
  let rows: SideRows = { left: last?.left_rows ?? 0, right: last?.right_rows ?? 0 };
  try {
    const held = heldBack(gates, comparison);
    if (held) Object.assign(report, held);
    else {
      options.onProgress?.({ comparison: comparison.id, step: "find" });
      const before = options.acceptShrunk?.includes(comparison.id) || !last ? null : rows;
      const outcome = await findAndJudge(statement, deps, options, comparison, last, report, before);
      rows = outcome.rows;
      if (outcome.judged) {
        report.keys = outcome.judged.keys;
        report.counts = outcome.judged.counts;
        if (report.mode === "full" && last?.last_mode === "incremental")
          report.missedByIncremental =
            (
              await store.query(missedKeys, {
                comparison: comparison.id,
                run_id: statement.runId,
                entity: comparison.entity,
                seen_from: seenFrom(last.seen_until),
              })
            )[0]?.keys ?? 0;
        options.onProgress?.({ comparison: comparison.id, step: "rules" });
        report.events = await applyRules(
          statement,
          report.counts,
          times,
          report.mode === "full" ? "all" : "touched",
        );
        const failing = report.keys - report.counts.match - report.counts.pending;
        report.status = failing > 0 ? "exceptions" : "clean";
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
  await store.insert(comparisonRunTable, [runRow(report, rows, sha256(textOf(statement.statements)))]);
  return report;
}

/** Everything up to the judgement; `judged` is null when a gate held, which the report then says. */
async function findAndJudge(
  statement: Statement,
  deps: ReconcileDeps,
  options: ReconcileOptions,
  comparison: Comparison,
  last: Last,
  report: RunReport,
  before: SideRows | null,
): Promise<{ rows: SideRows; judged: Judged | null }> {
  const judging = () => options.onProgress?.({ comparison: comparison.id, step: "judge" });
  const holdIfShrunk = async (rows: SideRows) => {
    const accepted = options.acceptShrunk?.includes(comparison.id) === true;
    const shrunk = accepted ? null : shrunkSide(comparison, rows, before);
    // That a side is whole again is concluded with the run (see applyRules).
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
  };
  if (comparison.find === "direct") {
    const counted = await countDirect(statement);
    const rows = { left: counted.left, right: counted.right };
    if (await holdIfShrunk(rows)) return { rows: before ?? rows, judged: null };
    judging();
    await judge(statement, "all");
    return { rows, judged: await countKinds(statement, { direct: counted.keys }) };
  }
  const due =
    last === null ||
    options.mode === "full" ||
    // What was judged under other rules is judged anew.
    changedAt(statement.catalogue, comparison.id) > last.full_at ||
    (options.mode === "auto" &&
      deps.clock.now() - msOf(last.full_at) >= durationMs(deps.config.reconcile.fullEvery));
  if (!due && last) {
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
      return (await holdIfShrunk(left)) ? { rows, judged: null } : { rows, judged };
    }
  }
  const rows = await scanRepeated(statement);
  if (await holdIfShrunk(rows)) return { rows: before ?? rows, judged: null };
  judging();
  await judge(statement, "found");
  return { rows, judged: await countKinds(statement, { streamed: true }) };
}

function seenFrom(seenUntil: Instant): string {
  return instantOf(Math.max(0, msOf(seenUntil) - MARGIN_MS));
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof (error as AppError).code === "string"
    ? (error as AppError).code
    : "error";
}

/** The comparisons that rules rest on, and those of everything that may explain their failures. */
function comparisonsOf(ids: readonly string[] | undefined, rules: readonly Rule[]): ReadonlySet<string> {
  if (ids === undefined || ids.length === 0) return new Set(COMPARISONS.map((c) => c.id));
  const wanted = new Set<string>();
  const seen = new Set<string>();
  const want = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    const rule = rules.find((r) => r.id === id);
    if (!rule)
      throw new RequestError("reconcile.unknown-rule", `No rule ${id}`, {
        userMessage: `There is no rule "${id}". The rules are: ${rules.map((r) => r.id).join(", ")}.`,
      });
    for (const claim of rule.claims) wanted.add(claim.comparison);
    for (const parent of rule.absorbedBy ?? []) want(parent.rule);
  };
  for (const id of ids) want(id);
  return wanted;
}

/**
 * Moments for what this run writes: each later than the one before, than any run and than any event of an exception, so that the
 * newest is always one.
 */
async function ticker(store: Store, clock: Clock): Promise<() => Instant> {
  const latest = (await store.query(latestStart, {}))[0];
  let at = Math.max(...[latest?.run_at, latest?.event_at].map((t) => (t ? msOf(t) : 0)));
  return () => {
    at = Math.max(clock.now(), at + 1);
    return instantOf(at);
  };
}
