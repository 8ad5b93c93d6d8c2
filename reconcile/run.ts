/**
 * A reconciliation: gates first, then each comparison in turn (find, judge, what the rules say, the lifecycle of exceptions), each
 * leaving a `comparison_run` row whatever happened. Nothing opens and nothing resolves unless a run is conclusive.
 */
import type { PlumblineConfig } from "#core/config";
import { RequestError } from "#core/errors";
import { newId } from "#core/ids";
import { type Clock, type Instant, instantOf, msOf } from "#core/time";
import { comparisonRunTable, lastRuns, latestStart } from "#sql/queries/reconcile";
import { latestRuns, type RunRow } from "#sql/queries/runs";
import type { Store } from "#sql/store";
import { applicable, type KnownSource } from "./applicable.ts";
import { measureCaps } from "./caps.ts";
import type { Comparison } from "./comparison.ts";
import { COMPARISONS } from "./comparisons/index.ts";
import { refreshExceptions } from "./exception-state.ts";
import { loadExchangeRates } from "./exchange.ts";
import { readIntegrity } from "./gates/integrity.ts";
import { readGates } from "./gates.ts";
import { catalogueInForce } from "./governance/catalogue.ts";
import { loadEscalation } from "./governance/escalation.ts";
import { closeRetired } from "./governance/promote.ts";
import { registerRules } from "./governance/register.ts";
import { SYSTEM_ACTOR, wakeExceptions } from "./lifecycle.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules/index.ts";
import { runOne } from "./run-one.ts";
import { newReport, type RunReport, runRow } from "./run-report.ts";
import { readStanding } from "./unchanged.ts";
import { applyGateFailures } from "./verdicts.ts";

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

/**
 * Runs the comparisons that the sources can feed and returns a report for each, in order. One that can only come
 * out as it stands is not made again between full runs; one that fails is reported as failed, and the next is run.
 * Throws RequestError for a rule there is none of, and what the store throws while the gates are read.
 */
export async function reconcile(
  store: Store,
  deps: ReconcileDeps,
  options: ReconcileOptions,
): Promise<RunReport[]> {
  const released = { rules: deps.rules ?? RULES, comparisons: COMPARISONS };
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
  const [gates, integrity] = await Promise.all([
    readGates(store, deps.config, deps.clock.now(), deps.sources),
    readIntegrity(store, deps.config, deps.clock.now(), deps.sources),
  ]);
  await applyGateFailures(
    store,
    { runId: newId(), runAt: tick(), comparison: "", asOf: { left: null, right: null } },
    [...gates.failures, ...integrity],
  );
  const [standing, lastOnes, newestOnes] = await Promise.all([
    readStanding(store),
    store.query(lastRuns, {}),
    store.query(latestRuns, {}),
  ]);
  const last = new Map(lastOnes.map((r) => [r.comparison, r]));
  const newest = new Map(newestOnes.map((r) => [r.comparison, r]));
  const reports: RunReport[] = [];
  const later: ReturnType<typeof runRow>[] = [];
  for (const comparison of wanted) {
    options.signal?.throwIfAborted();
    const scope = applicable(comparison, catalogue.rules, deps.config, deps.sources);
    if (!scope.applies) {
      reports.push(await notMade(store, comparison, scope.why, tick(), newest.get(comparison.id)));
      options.onProgress?.({ comparison: comparison.id, step: "done" });
      continue;
    }
    const attempt = () =>
      runOne({
        store,
        deps,
        options,
        catalogue,
        comparison: scope.comparison,
        gates,
        standing,
        last: last.get(comparison.id) ?? null,
        runAt: tick(),
      });
    const first = await attempt();
    // A sync of another process may have written between the steps; what still does not add up then is a fault.
    const { report, unstored } = first.report.why === SUM_FAILED ? await attempt() : first;
    options.onProgress?.({ comparison: comparison.id, step: "done" });
    reports.push(report);
    later.push(...unstored);
  }
  await store.insert(comparisonRunTable, later);
  return reports;
}

/** A comparison that does not apply changes nothing; that it does not is kept once, not anew at every turn. */
async function notMade(
  store: Store,
  comparison: Comparison,
  why: string,
  runAt: Instant,
  newest: RunRow | undefined,
): Promise<RunReport> {
  const report = newReport(newId(), comparison.id, runAt, { left: null, right: null });
  Object.assign(report, { status: "not_applicable", why: "not_held", detail: why });
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
