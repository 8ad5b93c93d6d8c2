/** A store, a clock and the questions tests of exceptions ask over several runs. */
import { z } from "zod";
import { type Instant, instantOf, manualClock } from "#core/time";
import type { Rule } from "#reconcile/rule";
import { type ReconcileOptions, type RunReport, reconcile } from "#reconcile/run";
import {
  EXCEPTION_STATUSES,
  exceptionDetail,
  exceptionEvents,
  listExceptions,
  QUEUE_START,
  STANDING,
} from "#sql/queries/exceptions";
import { chEnum, chString, compiledQuery } from "#sql/query";
import type { Store } from "#sql/store";
import { firmConfig, freshUntil } from "./seed.ts";

export const START = "2026-06-15T12:00:00.000Z";
export const HOUR = 3_600_000;

const statusRows = compiledQuery({
  name: "test.statuses",
  sql: "SELECT rule, key, status FROM exception",
  params: z.object({}),
  row: z.object({ rule: chString, key: chString, status: chEnum(EXCEPTION_STATUSES) }),
});

/** One firm's months: a clock of its own over a store, and the built-in catalogue unless told otherwise. */
export function months(store: Store, rules?: readonly Rule[]) {
  const clock = manualClock(START);
  const now = (): Instant => instantOf(clock.now());
  const idOf = async (rule: string): Promise<string> => {
    const filter = { ...STANDING, statuses: [...EXCEPTION_STATUSES], rules: [rule] };
    return (await store.query(listExceptions, { ...filter, ...QUEUE_START, limit: 1 }))[0]?.id ?? "";
  };
  return {
    clock,
    now,
    /** An hour on, a run with every source read up to now, unless it is an outage. */
    async run(
      options: Partial<ReconcileOptions> & { outage?: boolean } = {},
    ): Promise<Record<string, RunReport>> {
      const { outage, ...rest } = options;
      clock.advance(HOUR);
      if (!outage) await freshUntil(store, now());
      const reports = await reconcile(
        store,
        { clock, config: firmConfig(), ...(rules ? { rules } : {}) },
        { mode: "full", ...rest },
      );
      return Object.fromEntries(reports.map((r) => [r.comparison, r]));
    },
    /** Key → status, of one rule or of all. */
    async statuses(rule?: string): Promise<Record<string, string>> {
      const rows = await store.query(statusRows, {});
      return Object.fromEntries(rows.filter((r) => !rule || r.rule === rule).map((r) => [r.key, r.status]));
    },
    /** The only exception of a rule. */
    idOf,
    detail: async (rule: string) => (await store.query(exceptionDetail, { id: await idOf(rule) }))[0],
    events: async (rule: string) =>
      (await store.query(exceptionEvents, { id: await idOf(rule) })).map((e) => e.type),
  };
}
export type Months = ReturnType<typeof months>;
