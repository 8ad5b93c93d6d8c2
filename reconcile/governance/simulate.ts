/**
 * What a rule would say, with or without a change: judged over all that is stored now, without opening, changing or resolving a single
 * exception. What it writes are findings and verdicts of a run that is not on record, which nothing reads and which expire.
 *
 * The past is told by what is kept of it: the openings of the rule's own exceptions with their evidence. A wider tolerance or a longer
 * settle time can be tried on them; what a narrower one would have found then cannot, since what agreed was not kept.
 */
import type { PlumblineConfig } from "#core/config";
import { abs, compare, multiply } from "#core/decimal";
import { newId } from "#core/ids";
import { type Clock, chTime, durationMs, type Instant, instantOf, msOf } from "#core/time";
import { ruleVersions } from "#sql/queries/rules";
import {
  type Opening,
  openedSince,
  simulatedGroups,
  simulatedItems,
  simulatedOverlap,
  simulatedVerdicts,
} from "#sql/queries/simulation";
import type { Store } from "#sql/store";
import { applicable, type KnownSource } from "../applicable.ts";
import type { Comparison } from "../comparison.ts";
import { verdictSql } from "../compile-verdict.ts";
import { Evidence } from "../evidence.ts";
import { asOf, heldBack, readGates } from "../gates.ts";
import type { Rule } from "../rule.ts";
import { countDirect, countKinds, judge, runStatement, scanRepeated, statementsOf } from "../steps.ts";
import { AS_RELEASED, catalogueInForce, readOverride } from "./catalogue.ts";
import { knownRule, refuseRule } from "./known-rule.ts";
import {
  changedComparisons,
  changedRule,
  isFixed,
  meaningOf,
  type Override,
  sayOverride,
  tolerancesOf,
} from "./overrides.ts";
import { nextRuleMoment, registerRules, storeSteps, waitingVersion } from "./register.ts";

export interface SimulateDeps {
  store: Store;
  clock: Clock;
  config: PlumblineConfig;
  sources?: readonly KnownSource[];
}

export interface SimulateOptions {
  rule: string;
  /** The change to try; without one, the version that waits, else the rule as it is in force. */
  change?: Override | undefined;
  /** How far back the rule's openings are looked at. */
  days: number;
  /** Who simulates: it is then kept that this version was. */
  actor?: string | undefined;
}

export interface Simulation {
  rule: string;
  title: string;
  change: string;
  /** The version that was simulated; null for a change nobody has configured. */
  version: number | null;
  keys: number;
  failures: number;
  /** Explained by a failing parent. */
  explained: number;
  wouldOpen: number;
  wouldClose: number;
  currency: string;
  /** Summed over failures, and with every billable item counted once. */
  money: { claimed: string; once: string; items: number; unpriced: number };
  groups: { dimension: string; value: string; failures: number; money: string }[];
  overlap: { rule: string; items: number; money: string }[];
  history: { since: Instant; opened: number; stillOpened: number | null; isCut: boolean };
  /** What could not be judged, and what cannot be told of the past. */
  notes: string[];
}

const GROUPS_SHOWN = 5;
const OPENINGS = 50_000;
const DAY_MS = 86_400_000;

/** Runs a rule without consequences. Throws RequestError for a rule or a change there cannot be. */
export async function simulateRule(deps: SimulateDeps, options: SimulateOptions): Promise<Simulation> {
  const { store, clock, config } = deps;
  const rule = knownRule(options.rule);
  if (isFixed(rule))
    throw refuseRule(`${rule.id} guards what every other rule concludes; it follows from the sources alone.`);
  await registerRules(store, clock, config);
  const versions = await store.query(ruleVersions, { rule: rule.id });
  const waiting = waitingVersion(rule, config.rules, versions);
  const inForce = await catalogueInForce(store);
  const tried = options.change ?? (waiting ? readOverride(waiting.overrides) : undefined);
  if (tried) checkChange(rule, tried);
  const subject = tried ? changedRule(rule, tried) : (inForce.rules.find((r) => r.id === rule.id) ?? rule);
  const comparisons = tried
    ? changedComparisons(rule, tried, withoutChangesOf(rule, inForce.comparisons))
    : inForce.comparisons;
  const rules = [...inForce.rules.filter((r) => r.id !== rule.id), subject];
  const runId = newId();
  const notes: string[] = [];
  const keys = await judgeAll(deps, { runId, rule: subject, rules, comparisons }, notes);
  const since = instantOf(clock.now() - options.days * DAY_MS);
  const of = { run_id: runId, rule: rule.id };
  const [said] = await store.query(simulatedVerdicts, of);
  const [items] = await store.query(simulatedItems, of);
  const groups = await store.query(simulatedGroups, { ...of, limit: GROUPS_SHOWN });
  const overlap = await store.query(simulatedOverlap, of);
  const openings = await store.query(openedSince, { rule: rule.id, since: chTime(since), limit: OPENINGS });
  const still = openings.filter((o) => wouldHaveOpened(o, subject, comparisons)).length;
  const isNarrower = narrower(rule, comparisons, inForce.comparisons);
  if (isNarrower)
    notes.push(
      "A narrower tolerance would have opened more in the past; how much is not known, since what agreed is not kept. The count of today is exact.",
    );
  const isWaiting = waiting !== null && meaningOf(subject, comparisons) === waiting.meaning;
  if (isWaiting && options.actor !== undefined)
    await storeSteps(store, await nextRuleMoment(store, clock), [
      {
        rule: rule.id,
        version: waiting.version,
        state: "simulated",
        actor: options.actor,
        note: `${said?.failures ?? 0} failures, ${said?.would_open ?? 0} of them new, ${said?.claimed ?? "0"} ${config.reporting.currency} claimed.`,
      },
    ]);
  return {
    rule: rule.id,
    title: rule.title,
    change: sayOverride(tried ?? {}),
    version: isWaiting ? waiting.version : tried ? null : subject.version,
    keys,
    failures: said?.failures ?? 0,
    explained: said?.explained ?? 0,
    wouldOpen: said?.would_open ?? 0,
    wouldClose: said?.would_close ?? 0,
    currency: config.reporting.currency,
    money: {
      claimed: said?.claimed ?? "0",
      once: items?.once ?? "0",
      items: items?.items ?? 0,
      unpriced: said?.unpriced ?? 0,
    },
    groups,
    overlap,
    history: {
      since,
      opened: openings.length,
      stillOpened: isNarrower ? null : still,
      isCut: openings.length === OPENINGS,
    },
    notes,
  };
}

/** Judges every key of the comparisons the rule claims and stores what the rule says. Returns how many keys there were. */
async function judgeAll(
  { store, clock, config, sources }: SimulateDeps,
  of: { runId: string; rule: Rule; rules: readonly Rule[]; comparisons: readonly Comparison[] },
  notes: string[],
): Promise<number> {
  const gates = await readGates(store, config, clock.now(), sources);
  let keys = 0;
  for (const id of new Set(of.rule.claims.map((c) => c.comparison))) {
    const comparison = of.comparisons.find((c) => c.id === id);
    if (!comparison) continue;
    const scope = applicable(comparison, of.rules, config, sources);
    if (!scope.applies) {
      notes.push(scope.why);
      continue;
    }
    const held = heldBack(gates, scope.comparison);
    if (held) notes.push(`Judged on what is stored, although a run would hold back: ${held.detail}`);
    const { left, right } = asOf(gates, scope.comparison);
    const now = instantOf(clock.now());
    const run = {
      store,
      comparison: scope.comparison,
      catalogue: { rules: of.rules, comparisons: of.comparisons },
      statements: statementsOf(scope.comparison, of.rules),
      runId: of.runId,
      params: {
        as_of: now.slice(0, 10),
        reporting: config.reporting.currency,
        runAt: now,
        settledAt: [now, ...[left, right].filter((t) => t !== null)].sort()[0] ?? now,
      },
      signal: undefined,
    };
    // Steps are kept by run, and streamed comparisons would mix theirs.
    const own = { ...run, runId: newId() };
    if (scope.comparison.find === "direct") {
      const counted = await countDirect(own);
      await judge(own, "all");
      keys += (await countKinds(own, { direct: counted.keys })).keys;
    } else {
      await scanRepeated(own);
      await judge(own, "found");
      keys += (await countKinds(own, { streamed: true })).keys;
    }
    for (const claim of of.rule.claims.filter((c) => c.comparison === id))
      await runStatement(own, verdictSql(of.rule, claim, scope.comparison, of.rules));
    // Under the simulation's own name, so that all its comparisons are asked for at once.
    await store.command(
      "INSERT INTO verdict SELECT {to:String}, v.* EXCEPT (run_id) FROM verdict AS v WHERE v.run_id = {from:String}",
      { from: own.runId, to: of.runId },
    );
  }
  return keys;
}

/** The comparisons as released where the rule compares, so that a change starts from the rule as it comes. */
function withoutChangesOf(rule: Rule, comparisons: readonly Comparison[]): Comparison[] {
  return comparisons.map((c) => {
    const names = rule.claims
      .filter((claim) => claim.comparison === c.id && claim.kinds.includes("mismatch"))
      .flatMap((claim) => claim.fields ?? c.fields.map((f) => f.name));
    const released = AS_RELEASED.comparisons.find((r) => r.id === c.id);
    return {
      ...c,
      fields: c.fields.map((f) =>
        names.includes(f.name) ? (released?.fields.find((r) => r.name === f.name) ?? f) : f,
      ),
    };
  });
}

/** Whether an exception that opened would have done so under other tolerances and another settle time. */
export function wouldHaveOpened(opening: Opening, rule: Rule, comparisons: readonly Comparison[]): boolean {
  const evidence = Evidence.parse(JSON.parse(opening.evidence));
  const comparison = comparisons.find((c) => c.id === evidence.comparison);
  const claim = rule.claims.find(
    (c) => c.comparison === evidence.comparison && c.kinds.some((kind) => kind === evidence.kind),
  );
  if (!comparison || !claim) return false;
  if (opening.kind === "mismatch") {
    const beyond = evidence.fields.some((f) => {
      if (!f.differs) return false;
      const field = comparison.fields.find((c) => c.name === f.name);
      if (!field || f.delta === null) return true;
      const isWithin = compare(abs(f.delta), field.tolerance ?? "0") <= 0;
      const isSmallShare =
        field.as === "measure" &&
        field.tolerancePct !== undefined &&
        compare(multiply(abs(f.delta), "100"), multiply(abs(f.left ?? "0"), field.tolerancePct)) <= 0;
      return !isWithin && !isSmallShare;
    });
    if (!beyond) return false;
  }
  const changed = [evidence.left.changedAt, evidence.right.changedAt]
    .filter((t) => t !== null)
    .sort()
    .at(-1);
  if (changed === undefined || msOf(opening.resolved_at) === 0) return true;
  return msOf(opening.resolved_at) >= msOf(changed) + durationMs(claim.settle);
}

function narrower(rule: Rule, tried: readonly Comparison[], before: readonly Comparison[]): boolean {
  const held = new Map(tolerancesOf(rule, before).map((f) => [f.name, f]));
  return tolerancesOf(rule, tried).some((f) => {
    const was = held.get(f.name);
    // An amount in place of a percentage is narrower for large values.
    const losesShare = was?.tolerancePct !== undefined && f.tolerancePct === undefined;
    return losesShare || compare(f.tolerance ?? "0", was?.tolerance ?? "0") < 0;
  });
}

function checkChange(rule: Rule, change: Override): void {
  const own = tolerancesOf(rule, AS_RELEASED.comparisons);
  for (const [name, value] of Object.entries(change.tolerance ?? {})) {
    const field = own.find((f) => f.name === name);
    if (!field)
      throw refuseRule(
        own.length === 0
          ? `${rule.id} compares nothing that may differ a little.`
          : `${rule.id} has no tolerance on "${name}". It has one on: ${own.map((f) => f.name).join(", ")}.`,
      );
    const shape = field.as === "date" ? /^\d+$/ : /^\d+(\.\d{1,4})?$/;
    if (!shape.test(value))
      throw refuseRule(
        `"${value}" is no tolerance of ${name}. Write ${field.as === "date" ? "whole days, such as 2" : "an amount, such as 0.05"}.`,
      );
  }
  if (change.settle !== undefined)
    try {
      durationMs(change.settle);
    } catch {
      throw refuseRule(`"${change.settle}" is no duration. Write for example 30m, 4h or 2d.`);
    }
}
