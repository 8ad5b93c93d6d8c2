/**
 * One seed from end to end over HTTP: a random firm with planted faults and near misses, read in bad weather by a reader that is
 * stopped and whose engine is killed, reconciled, then left through an outage and a loss of freshness, and scored against the
 * answer sheet that the generator worked out from its own objects.
 */
import { setTimeout as delay } from "node:timers/promises";
import { isPerfect, type Score } from "#app/cli/demo/score";
import type { PlumblineConfig } from "#core/config";
import { type Clock, msOf, systemClock } from "#core/time";
import { type OpenSource, openSources } from "#ingest/registry";
import { ingestAll } from "#ingest/run";
import { reconcile } from "#reconcile/run";
import { createRandom, type Random } from "#sandbox/firm/random";
import { type Sandbox, startSandbox } from "#sandbox/start";
import { readAddress } from "#sql/engine/address";
import type { Store } from "#sql/store";
import { sandboxConfig } from "../support/sandbox-config.ts";
import { openTestStore, type TestStore } from "../support/store.ts";
import { contested } from "./contested.ts";
import { OUTAGE, weather } from "./hostile.ts";
import { createJudge, type Judge, type Marks } from "./judge.ts";
import { killed } from "./killed.ts";
import { stormOfLag } from "./storm.ts";
import { wrongClock } from "./wrong-clock.ts";

export const SIZES = {
  small: { projects: [20, 30], months: [3, 4], perRule: [1, 2] },
  medium: { projects: [60, 90], months: [6, 9], perRule: [3, 5] },
} as const;
export type Size = keyof typeof SIZES;

export interface Season {
  seed: number;
  score: Score;
  /** Opened at any time although nothing was wrong, whatever became of it since; gates that stand without cause. */
  falseOpens: string[];
  /** Resolved at any time although the fault was still there. */
  falseResolves: string[];
  /** How often reading had to be begun again. */
  interruptions: number;
  /** Reconciliations that were killed in the middle. */
  kills: number;
  /** Faults that others, planted after them, undid: no longer asked for. */
  overtaken: number;
  /** Lines of time that reached the ERP late, in the storm of lag. */
  postedLate: number;
  perfect: boolean;
}

/** Whoever reads gives up after this many turns: the weather strikes by chance, so an end is certain only in practice. */
const MOST_TURNS = 40;

export async function runSeason(seed: number, size: Size): Promise<Season> {
  const random = createRandom(seed, "oracle");
  const between = ([low, high]: readonly [number, number]) => random.int(low, high);
  // Any minute of two years, so that ends of months, weekends and midnights come up, and a seed gives the same firm on any day.
  const began = msOf("2025-01-01T00:00:00.000Z") + random.int(0, 730 * 24 * 60) * 60_000;
  const offset = { ms: began - systemClock.now() };
  const clock: Clock = { now: () => systemClock.now() + offset.ms };
  // The vendors' clocks are not ours: as far apart as the default of `clockSkew` allows for, either way.
  const skew = random.int(-270_000, 270_000);
  const ahead = { salesforce: 0, netsuite: 0 };
  const theirs = (vendor: Vendor): Clock => ({ now: () => clock.now() + skew + ahead[vendor] });
  const sandbox = await startSandbox({
    seed,
    projects: between(SIZES[size].projects),
    months: between(SIZES[size].months),
    perRule: between(SIZES[size].perRule),
    clock: { now: () => clock.now() + skew },
    clocks: { salesforce: theirs("salesforce"), netsuite: theirs("netsuite") },
  });
  const store = await openTestStore();
  try {
    const config = sandboxConfig(sandbox);
    const sources = openSources(config, { clock, http: { backoffMs: 2, tries: 3 } });
    const judge = createJudge(store, sandbox, clock.now);
    const deps: Deps = { store, sandbox, sources, config, clock, random, judge };
    const interruptions = await readInBadWeather(deps);
    judge.before();
    let kills = await reconcileKilled(deps);
    for (let turn = 0; turn < 2; turn++) await reconcile(store, { clock, config, sources }, { mode: "full" });
    judge.after();
    // The money while the firm stands still: in the storm more work is done, and what hangs on a client grows with it.
    const still = await judge.marks();
    const postedLate = await stormOfLag(deps, offset);
    judge.before();
    kills += await reconcileKilled(deps);
    await outage(deps, offset);
    await contested(deps);
    await wrongClock(deps, ahead);
    judge.after();
    const after = await judge.marks();
    return {
      seed,
      interruptions,
      postedLate,
      kills,
      overtaken: sandbox.truth.overtaken.length,
      ...verdictOf(still, after),
    };
  } finally {
    await sandbox.close();
    await store.close();
  }
}

export interface Deps {
  store: TestStore;
  sandbox: Sandbox;
  sources: OpenSource[];
  config: PlumblineConfig;
  clock: Clock;
  random: Random;
  judge: Judge;
}

export type Vendor = "salesforce" | "netsuite";

/** Returns 1 when the run was struck before its end. */
async function reconcileKilled({ store, clock, config, sources, random }: Deps): Promise<number> {
  const run = (struck: Store) => reconcile(struck, { clock, config, sources }, { mode: "full" });
  return (await killed(store, random, run)) ? 1 : 0;
}

/** Found is what was open at both moments; the money is the one while the firm stood still. */
function verdictOf(
  still: Marks,
  after: Marks,
): Pick<Season, "score" | "falseOpens" | "falseResolves" | "perfect"> {
  const both = (list: (s: Score) => readonly string[]) => [
    ...new Set([...list(still.score), ...list(after.score)]),
  ];
  const missed = both((s) => s.missed);
  const found = (planted: number, rule = "") =>
    planted - missed.filter((n) => n.startsWith(rule === "" ? "" : `${rule} `)).length;
  const moneyOf = (rule: string) => still.score.byRule[rule]?.moneyDifference ?? "0";
  const falseOpens = [...new Set([...after.falseOpens, ...both((s) => s.falselyOpened)])];
  const { falseResolves } = after;
  return {
    score: {
      ...after.score,
      found: found(after.score.planted),
      byRule: Object.fromEntries(
        Object.entries(after.score.byRule).map(([rule, r]) => [
          rule,
          { ...r, found: found(r.planted, rule), moneyDifference: moneyOf(rule) },
        ]),
      ),
      moneyDifference: still.score.moneyDifference,
      mispriced: still.score.mispriced,
      unexplained: both((s) => s.unexplained),
      missed,
    },
    falseOpens,
    falseResolves,
    perfect:
      isPerfect(still.score) &&
      isPerfect({ ...after.score, moneyDifference: "0" }) &&
      falseOpens.length + falseResolves.length === 0,
  };
}

/** Read until everything has come in, although requests fail, the reader is stopped and the engine is killed. */
async function readInBadWeather({ store, sandbox, sources, clock, random }: Deps): Promise<number> {
  const { salesforce, netsuite } = sandbox.faultsControl;
  for (const faults of [salesforce, netsuite]) for (const rule of weather(random)) faults.add(rule);
  let interruptions = 0;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const stop = new AbortController();
    const trouble = turn < 3 ? random.pick(["stop", "kill", "none"] as const) : "none";
    const over = { yet: false };
    const strike = delay(random.int(50, 1_500)).then(() => {
      if (over.yet) return;
      if (trouble === "stop") stop.abort();
      const pid = trouble === "kill" ? readAddress(store.dataDir ?? "")?.pid : undefined;
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    });
    const ok = await ingestAll(store, sources, {
      clock,
      signal: stop.signal,
      mode: turn === 0 ? "full" : "auto",
    })
      .then((report) => report.ok)
      .catch(() => false);
    over.yet = true;
    await strike;
    if (ok) break;
    interruptions++;
    if (turn === MOST_TURNS - 1) throw new Error(`seed ${sandbox.truth.seed}: reading never came to an end`);
  }
  for (const faults of [salesforce, netsuite]) faults.clear();
  const report = await ingestAll(store, sources, { clock, mode: "full" });
  const failed = report.streams.flatMap((s) => (s.ok ? [] : [`${s.sourceId} ${s.stream}: ${s.error}`]));
  if (failed.length > 0) throw new Error(`reading failed in fair weather: ${failed.join("; ")}`);
  return interruptions;
}

/** Longer than `maxAge` below, and by more than a vendor's clock may be ahead: what it sent last counts as that much younger. */
const OUTAGE_MS = 10 * 60_000;

/** One vendor goes away for longer than its data may be old. Nothing may open or resolve meanwhile, nor when it comes back. */
async function outage(
  { store, sandbox, sources, config, clock, random, judge }: Deps,
  offset: { ms: number },
) {
  const impatient = { ...config, sources: config.sources.map((s) => ({ ...s, maxAge: "1m" })) };
  const vendor = random.pick(["salesforce", "netsuite"] as const);
  const faults = sandbox.faultsControl[vendor];
  judge.expectGate("SYS-01", `${vendor}|`, true);
  faults.add(OUTAGE);
  offset.ms += OUTAGE_MS;
  await ingestAll(store, sources, { clock });
  await reconcile(store, { clock, config: impatient, sources }, { mode: "full" });
  faults.clear();
  const report = await ingestAll(store, sources, { clock });
  if (!report.ok) throw new Error("reading failed after the outage");
  for (let turn = 0; turn < 2; turn++)
    await reconcile(store, { clock, config, sources }, { mode: turn === 0 ? "incremental" : "full" });
}
