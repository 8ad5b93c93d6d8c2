/** The figures of the overview. Money is in the reporting currency, and every billable item counts once. */
import { z } from "zod";
import { chCount, chDecimal, chInstant, defineQuery } from "#sql/query";

export const overviewFigures = defineQuery({
  name: "overview.figures",
  params: z.object({}),
  row: z.object({
    open: chCount,
    critical: chCount,
    blocking: chCount,
    unassigned: chCount,
    blocked_items: chCount,
    blocked_unpriced: chCount,
    blocked_value: chDecimal,
    margin_exceptions: chCount,
    margin_unpriced: chCount,
    margin_at_stake: chDecimal,
  }),
});

export const openByRule = defineQuery({
  name: "overview.by-rule",
  params: z.object({}),
  row: z.object({
    rule: z.string(),
    open: chCount,
    critical: chCount,
    stake: chDecimal,
    unpriced: chCount,
    oldest_at: chInstant,
  }),
});

export const openByClient = defineQuery({
  name: "overview.by-client",
  params: z.object({ limit: z.number().int().positive() }),
  row: z.object({
    customer_key: z.string(),
    name: z.string(),
    open: chCount,
    critical: chCount,
    held: chDecimal,
  }),
});

export const exceptionTrend = defineQuery({
  name: "overview.trend",
  params: z.object({ from: z.string(), span_s: z.number().int().positive() }),
  row: z.object({ starts_at: chInstant, opened: chCount, resolved: chCount, open: chCount }),
});

export const firstExceptionEvent = defineQuery({
  name: "overview.first-event",
  params: z.object({}),
  row: z.object({ at: chInstant }),
});

export const postingLatency = defineQuery({
  name: "overview.posting-latency",
  params: z.object({ from: z.string() }),
  row: z.object({
    lines: chCount,
    /** Lines whose approval no log tells: their time to post is at most what was counted. */
    upper_bounds: chCount,
    p50_s: chCount,
    p95_s: chCount,
    posted: chCount,
  }),
});
