/** The money figures of the overview: what waits to be invoiced, what holds it up, what is billed at a wrong rate, and the score. */
import { addDays, type IsoDate, instantOf } from "#core/time";
import { invoicedBy } from "#reconcile/applicable";
import { COMMERCIAL_RULES, COMPONENT_NAMES, marginIntegrity, rulesOf } from "#reconcile/margin-integrity";
import { RULES, ruleById } from "#reconcile/rules/index";
import { readUnknown } from "#reconcile/unknown";
import {
  blockedInvoices,
  blockedRevenue,
  invoiceCandidates,
  marginComponents,
  rateLeakage,
} from "#sql/queries/kpi";
import type { Services } from "../services.server.ts";

/** Rates and margin are looked at over the work of this many days up to today. */
const PERIOD_DAYS = 90;
/** Blocked revenue is due when its cutoff is at most this many business days off, or past. */
const NEAR_DAYS = 5;
const CANDIDATES_SHOWN = 12;

/** The date in a time zone at a moment. */
export function dateIn(timeZone: string, now: number): IsoDate {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(now);
  return /^\d{4}-\d{2}-\d{2}$/.test(parts) ? parts : instantOf(now).slice(0, 10);
}

/** The Monday-to-Friday day that many of them after a date. */
export function businessDaysAfter(date: IsoDate, days: number): IsoDate {
  let at = date;
  for (let left = days; left > 0; ) {
    at = addDays(at, 1);
    // 1 January 1970 was a Thursday.
    const weekday = (Math.floor(Date.parse(`${at}T00:00:00Z`) / 86_400_000) + 3) % 7;
    if (weekday < 5) left--;
  }
  return at;
}

export async function kpis({ store, clock, config, sources }: Services) {
  const today = dateIn(config.billing.timeZone, clock.now());
  const period = { from: addDays(today, -PERIOD_DAYS), until: today };
  const asked = {
    as_of: today,
    reporting: config.reporting.currency,
    invoiced_by: invoicedBy(config, sources),
  };
  const unknown = await readUnknown(store, config, sources);
  const candidates = {
    ...asked,
    cutoff_day: config.billing.cutoffDay,
    commercial: [...COMMERCIAL_RULES],
    blind: unknown.kinds,
  };
  const of = rulesOf(RULES);
  const [rows, invoices, revenue, leakage, sums] = await Promise.all([
    store.query(invoiceCandidates, { ...candidates, limit: CANDIDATES_SHOWN }),
    store.query(blockedInvoices, candidates),
    store.query(blockedRevenue, {
      ...asked,
      cutoff_day: config.billing.cutoffDay,
      due_by: businessDaysAfter(today, NEAR_DAYS),
    }),
    store.query(rateLeakage, { as_of: today, reporting: asked.reporting, ...period }),
    store.query(marginComponents, {
      ...asked,
      ...period,
      rate_rules: of.rate,
      time_rules: of.time,
      cost_rules: of.cost,
      billing_rules: of.billing,
      project_rules: of.project,
    }),
  ]);
  const margin = marginIntegrity(sums, unknown.looked, unknown.components);
  return {
    today,
    period: { ...period, days: PERIOD_DAYS },
    cutoffDay: config.billing.cutoffDay,
    candidates: rows,
    invoices: invoices[0] ?? null,
    revenue: {
      total: revenue.find((r) => r.rule === "") ?? null,
      byRule: revenue
        .filter((r) => r.rule !== "" && r.items > 0)
        .map((r) => ({ ...r, title: ruleById(r.rule)?.title ?? r.rule })),
    },
    leakage: leakage[0] ?? null,
    margin: {
      ...margin,
      components: margin.components.map((c) => ({ ...c, name: COMPONENT_NAMES[c.component] })),
    },
  };
}
export type Kpis = Awaited<ReturnType<typeof kpis>>;
