/**
 * One seed from end to end over HTTP: a random firm with planted faults and near misses, read in bad weather by a reader that is
 * stopped and whose engine is killed, reconciled, then left through an outage and a loss of freshness, and scored against the
 * answer sheet that the generator worked out from its own objects.
 */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { isPerfect, type Score, score, Truth } from "#app/cli/demo/score";
import type { PlumblineConfig } from "#core/config";
import { type Clock, msOf, systemClock } from "#core/time";
import { type OpenSource, openSources } from "#ingest/registry";
import { ingestAll } from "#ingest/run";
import { reconcile } from "#reconcile/run";
import { createRandom, type Random } from "#sandbox/firm/random";
import { type Sandbox, startSandbox } from "#sandbox/start";
import { readAddress } from "#sql/engine/address";
import { explained } from "#sql/queries/cases";
import { EXCEPTION_EVENT_TYPES, listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import { chEnum, chString, compiledQuery } from "#sql/query";
import { sandboxConfig } from "../support/sandbox-config.ts";
import { openTestStore, type TestStore } from "../support/store.ts";
import { OUTAGE, weather } from "./hostile.ts";
import { stormOfLag } from "./storm.ts";

export const SIZES = {
  small: { projects: [20, 30], months: [3, 4], perRule: [1, 2] },
  medium: { projects: [60, 90], months: [6, 9], perRule: [3, 5] },
} as const;
export type Size = keyof typeof SIZES;

export interface Season {
  seed: number;
  score: Score;
  /** Opened at any time although nothing was wrong, whatever became of it since. */
  falseOpens: string[];
  /** Resolved at any time although the fault was still there. */
  falseResolves: string[];
  /** How often reading had to be begun again. */
  interruptions: number;
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
  // The vendors' clocks are not ours: up to a minute and a half apart either way.
  const skew = random.int(-90_000, 90_000);
  const sandbox = await startSandbox({
    seed,
    projects: between(SIZES[size].projects),
    months: between(SIZES[size].months),
    perRule: between(SIZES[size].perRule),
    clock: { now: () => clock.now() + skew },
  });
  const store = await openTestStore();
  try {
    const config = sandboxConfig(sandbox);
    const sources = openSources(config, { clock, http: { backoffMs: 2, tries: 3 } });
    const deps: Deps = { store, sandbox, sources, config, clock, random };
    const interruptions = await readInBadWeather(deps);
    for (let turn = 0; turn < 2; turn++) await reconcile(store, { clock, config, sources }, { mode: "full" });
    // The money while the firm stands still: in the storm more work is done, and what hangs on a client grows with it.
    const still = await marks(deps);
    const postedLate = await stormOfLag(deps, offset);
    await outage(deps, offset);
    const after = await marks(deps);
    const { moneyDifference, mispriced } = still.score;
    return {
      seed,
      interruptions,
      postedLate,
      overtaken: sandbox.truth.overtaken.length,
      score: {
        ...after.score,
        moneyDifference,
        mispriced,
        missed: [...new Set([...still.score.missed, ...after.score.missed])],
      },
      falseOpens: after.falseOpens,
      falseResolves: after.falseResolves,
      perfect:
        isPerfect(still.score) && isPerfect({ ...after.score, moneyDifference: "0" }) && isQuiet(after),
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

/** One vendor goes away for longer than its data may be old. Nothing may open or resolve meanwhile, nor when it comes back. */
async function outage({ store, sandbox, sources, config, clock, random }: Deps, offset: { ms: number }) {
  const impatient = { ...config, sources: config.sources.map((s) => ({ ...s, maxAge: "1m" })) };
  const faults = sandbox.faultsControl[random.pick(["salesforce", "netsuite"] as const)];
  faults.add(OUTAGE);
  offset.ms += 120_000;
  await ingestAll(store, sources, { clock });
  await reconcile(store, { clock, config: impatient, sources }, { mode: "full" });
  faults.clear();
  const report = await ingestAll(store, sources, { clock });
  if (!report.ok) throw new Error("reading failed after the outage");
  for (let turn = 0; turn < 2; turn++)
    await reconcile(store, { clock, config, sources }, { mode: turn === 0 ? "incremental" : "full" });
}

const happenings = compiledQuery({
  name: "oracle.happenings",
  sql: `SELECT DISTINCT e.type AS type, s.rule AS rule, s.comparison AS comparison, s.key AS key
        FROM exception_event AS e
        INNER JOIN exception AS s ON s.id = e.exception_id
        WHERE e.type IN ('opened', 'reopened', 'resolved') AND NOT startsWith(s.rule, 'SYS-')`,
  params: z.object({}),
  row: z.object({ type: chEnum(EXCEPTION_EVENT_TYPES), rule: chString, comparison: chString, key: chString }),
});

async function marks({
  store,
  sandbox,
}: Deps): Promise<Pick<Season, "score" | "falseOpens" | "falseResolves">> {
  const found = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 1_000_000 });
  const result = score(Truth.parse(sandbox.truth), found, [], await store.query(explained, {}));
  const name = (e: { rule: string; comparison: string; key: string }) => `${e.rule} ${e.comparison} ${e.key}`;
  const planted = new Set(sandbox.truth.planted.map(name));
  const past = await store.query(happenings, {});
  const falseOpens = past.filter((e) => e.type !== "resolved" && !planted.has(name(e))).map(name);
  const falseResolves = past.filter((e) => e.type === "resolved" && planted.has(name(e))).map(name);
  return { score: result, falseOpens, falseResolves };
}

const isQuiet = (m: { falseOpens: string[]; falseResolves: string[] }) =>
  m.falseOpens.length === 0 && m.falseResolves.length === 0;
