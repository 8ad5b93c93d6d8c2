/** Timing one piece of work beside its bound, and the most memory the engine used meanwhile. */
import { performance } from "node:perf_hooks";
import { z } from "zod";
import { chUInt64, compiledQuery } from "#sql/query";
import type { Store } from "#sql/store";
import type { BesideTime } from "./beside/measure.ts";

/** One line of the result: our time, the bare engine's for the same answer, and how many times longer ours took. */
export interface BenchRow {
  work: string;
  ours_ms: number;
  bare_ms: number | null;
  ratio: number | null;
  peak_mb: number | null;
  /** The same answer to the same question in other engines. */
  beside: readonly BesideTime[];
}

const running = compiledQuery({
  name: "bench.running",
  sql: "SELECT max(peak_memory_usage) AS peak FROM system.processes WHERE query NOT LIKE '%system.processes%'",
  params: z.object({}),
  row: z.object({ peak: z.union([chUInt64, z.string()]) }),
});

/** Milliseconds and peak engine memory (of one query, in MB) of a piece of work. */
export async function measured(
  store: Store,
  work: () => Promise<unknown>,
): Promise<{ ms: number; peakMb: number }> {
  let peak = 0n;
  let over = false;
  const watch = (async () => {
    while (!over) {
      const [row] = await store.query(running, {});
      const seen = BigInt(row?.peak ?? "0");
      if (seen > peak) peak = seen;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  })();
  const start = performance.now();
  try {
    await work();
  } finally {
    over = true;
  }
  const ms = performance.now() - start;
  await watch;
  return { ms: Math.round(ms), peakMb: Math.round(Number(peak / 1000n) / 1000) };
}

/** The median of several runs of the same work. */
export async function median(times: number, run: () => Promise<{ ms: number; peakMb: number }>) {
  const all: { ms: number; peakMb: number }[] = [];
  for (let i = 0; i < times; i++) all.push(await run());
  all.sort((a, b) => a.ms - b.ms);
  const middle = all[Math.floor(all.length / 2)];
  return { ms: middle?.ms ?? 0, peakMb: Math.max(...all.map((a) => a.peakMb)) };
}

export function row(
  work: string,
  ours: { ms: number; peakMb: number },
  bare: { ms: number } | null,
  beside: readonly BesideTime[] = [],
): BenchRow {
  return {
    work,
    ours_ms: ours.ms,
    bare_ms: bare?.ms ?? null,
    ratio: bare && bare.ms > 0 ? Math.round((ours.ms / bare.ms) * 100) / 100 : null,
    peak_mb: ours.peakMb,
    beside,
  };
}
