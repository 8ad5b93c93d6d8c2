/** The overview: what is held up, what margin is at stake, where, and how it moves. */
import { compare } from "#core/decimal";
import { chTime, type Instant, instantOf, msOf } from "#core/time";
import { pushList } from "#reconcile/push/state";
import { ruleById } from "#reconcile/rules/index";
import {
  exceptionTrend,
  firstExceptionEvent,
  openByClient,
  openByRule,
  overviewFigures,
  postingLatency,
} from "#sql/queries/overview";
import type { Services } from "../services.server.ts";
import { kpis } from "./kpi.server.ts";

const DAY_MS = 86_400_000;
const LATENCY_DAYS = 30;

/** How wide the trend's steps are: a young store is shown by the minute or hour, an old one by the day. */
const SCALES = [
  { upToMs: 40 * 60_000, spanS: 60, words: "per minute" },
  { upToMs: 3 * 3_600_000, spanS: 300, words: "per 5 minutes" },
  { upToMs: 3 * DAY_MS, spanS: 3600, words: "per hour" },
  { upToMs: 45 * DAY_MS, spanS: 86_400, words: "per day" },
] as const;

export function trendScale(first: Instant, now: number): { fromMs: number; spanS: number; words: string } {
  const age = now - msOf(first);
  const scale = SCALES.find((s) => age <= s.upToMs) ?? SCALES[3];
  const spanMs = scale.spanS * 1000;
  // One step before the first, so that the line starts from nothing; never more than the scale reaches.
  const fromMs = Math.max(
    Math.floor(msOf(first) / spanMs) * spanMs - spanMs,
    Math.floor((now - scale.upToMs) / spanMs) * spanMs,
  );
  return { fromMs, spanS: scale.spanS, words: scale.words };
}

export interface TrendRow {
  starts_at: Instant;
  opened: number;
  resolved: number;
  open: number;
}

/** Steps in which nothing happened have no row in the store; what stood open before them still does. */
export function withQuietSteps(
  rows: readonly TrendRow[],
  fromMs: number,
  now: number,
  spanS: number,
): TrendRow[] {
  const byStart = new Map(rows.map((r) => [msOf(r.starts_at), r]));
  const filled: TrendRow[] = [];
  for (let at = fromMs; at <= now; at += spanS * 1000) {
    const open = filled.at(-1)?.open ?? 0;
    filled.push(byStart.get(at) ?? { starts_at: instantOf(at), opened: 0, resolved: 0, open });
  }
  return filled;
}

export async function overview(services: Services) {
  const { store, clock, config } = services;
  const now = clock.now();
  const [figures, kpi, byRule, byClient, first, latency, pushes] = await Promise.all([
    store.query(overviewFigures, {}),
    kpis(services),
    store.query(openByRule, {}),
    store.query(openByClient, { limit: 10 }),
    store.query(firstExceptionEvent, {}),
    store.query(postingLatency, { from: chTime(now - LATENCY_DAYS * DAY_MS) }),
    pushList(store, {}),
  ]);
  const firstAt = first[0]?.at ?? instantOf(0);
  const scale = trendScale(firstAt, now);
  const known = msOf(firstAt) > 0;
  const trend = known
    ? await store.query(exceptionTrend, { from: chTime(scale.fromMs), span_s: scale.spanS })
    : [];
  return {
    currency: config.reporting.currency,
    figures: figures[0] ?? null,
    kpi,
    byRule: [...byRule]
      .sort((a, b) => compare(b.stake, a.stake) || b.open - a.open)
      .map((r) => ({
        ...r,
        title: ruleById(r.rule)?.title ?? r.rule,
        hasMoney: ruleById(r.rule)?.money.basis === "money",
      })),
    byClient,
    trend: {
      spanS: scale.spanS,
      words: scale.words,
      rows: known ? withQuietSteps(trend, scale.fromMs, now, scale.spanS) : [],
    },
    latency: latency[0] ?? null,
    latencyDays: LATENCY_DAYS,
    verified: pushes.filter((p) => p.status === "verified").length,
    waiting: pushes.filter((p) => p.status === "requested").length,
  };
}
export type Overview = Awaited<ReturnType<typeof overview>>;
