/**
 * A storm of lag: the firm goes on working while everything reaches us late. Records are committed with stamps older than what was
 * already read, and the integration posts approved time hours after its approval. All of it is within what a settle time allows for,
 * so nothing may open, and nothing that is wrong may resolve.
 */
import type { Clock } from "#core/time";
import { ingestAll } from "#ingest/run";
import { reconcile } from "#reconcile/run";
import { startLife } from "#sandbox/life";
import type { Deps } from "./season.ts";

const MINUTE = 60_000;
/** The timer never strikes; the firm moves when it is told to. */
const NEVER = 2 ** 30;

/** Moves the clock on by two to three hours, in turns of work, reading and reconciling. Returns how many lines were posted late. */
export async function stormOfLag(deps: Deps, offset: { ms: number }): Promise<number> {
  const { store, sandbox, sources, config, clock, random, judge } = deps;
  // Stamps are up to eight minutes older than the moment their record appears, within what a reader looks back over.
  const late: Clock = { now: () => sandbox.org.clock.now() - random.int(0, 8) * MINUTE };
  const life = startLife(sandbox, {
    seed: sandbox.truth.seed,
    clock: late,
    intervalMs: NEVER,
    neverPercent: 0,
  });
  try {
    for (let turn = 0; turn < 4; turn++) {
      offset.ms += random.int(30, 45) * MINUTE;
      for (let n = random.int(10, 40); n > 0; n--) life.tick();
      judge.before();
      const report = await ingestAll(store, sources, { clock });
      const failed = report.streams.flatMap((s) => (s.ok ? [] : [`${s.sourceId} ${s.stream}: ${s.error}`]));
      if (failed.length > 0) throw new Error(`reading failed in a storm of lag: ${failed.join("; ")}`);
      await reconcile(store, { clock, config, sources }, { mode: turn === 3 ? "full" : "auto" });
      judge.after();
    }
    // What is still on its way arrives.
    for (let n = 0; n < 5; n++) life.tick();
    await ingestAll(store, sources, { clock });
    return life.posted.length;
  } finally {
    life.stop();
  }
}
