/** What stands open, in the form a scenario expects it. */
import { expect } from "vitest";
import { RULES } from "#reconcile/rules/index";
import type { RunReport } from "#reconcile/run-report";
import {
  type ExceptionRow,
  exceptionDetail,
  listExceptions,
  QUEUE_START,
  STANDING,
} from "#sql/queries/exceptions";
import type { World } from "./world.ts";

export interface Expected {
  rule: string;
  comparison: string;
  key: string;
  kind: string;
  /** In euros; left out where the scenario is not about money, null where the rule puts none at stake. */
  money?: string | null;
}

/** Everything that needs someone, in the order people see it. */
export function standing(world: World): Promise<ExceptionRow[]> {
  return world.store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 1000 });
}

/**
 * Read, reconcile as of a day later until what failed once is open, and expect exactly these exceptions, no other.
 * @param mode `full` also looks for deletions where a system does not tell of them
 */
export async function expectOnly(
  world: World,
  expected: readonly Expected[],
  { mode = "incremental" }: { mode?: "incremental" | "full" } = {},
): Promise<ExceptionRow[]> {
  await world.read({ mode });
  // What failed once opens when it fails again: only that is compared once more.
  let again: readonly string[] | undefined;
  while (again?.length !== 0) {
    const runs = await world.compareLater(again ? { rules: again } : {});
    again = rulesOn(runs.filter((r) => (r.events?.suspected ?? 0) > 0));
    expect(
      runs
        .filter((r) => r.status !== "clean" && r.status !== "exceptions" && r.status !== "not_applicable")
        .map((r) => `${r.comparison}: ${r.status}, ${r.detail}`),
    ).toEqual([]);
  }
  const found = await standing(world);
  expect(found.map((e) => shown(e, expected)).sort(byName)).toEqual([...expected].sort(byName));
  return found;
}

/** The rules that judge single keys of the comparisons made. */
function rulesOn(runs: readonly RunReport[]): string[] {
  const made = new Set(runs.map((r) => r.comparison));
  return RULES.filter((r) => r.per === "key" && r.claims.some((c) => made.has(c.comparison))).map(
    (r) => r.id,
  );
}

/** The one exception of a rule among those that stand. */
export function theOne(found: readonly ExceptionRow[], rule: string, comparison?: string): ExceptionRow {
  const of = found.filter(
    (e) => e.rule === rule && (comparison === undefined || e.comparison === comparison),
  );
  if (of.length !== 1 || of[0] === undefined)
    throw new Error(`${of.length} exceptions of ${rule} stand, not one`);
  return of[0];
}

export async function statusOf(world: World, id: string): Promise<string | undefined> {
  return (await world.store.query(exceptionDetail, { id }))[0]?.status;
}

/** Money is shown where the scenario says what it should be. */
function shown(e: ExceptionRow, expected: readonly Expected[]): Expected {
  const named = expected.find((x) => x.rule === e.rule && x.comparison === e.comparison && x.key === e.key);
  const { rule, comparison, key, kind } = e;
  const money = e.money === null ? null : plain(e.money);
  return { rule, comparison, key, kind, ...(named && named.money === undefined ? {} : { money }) };
}

/** `412.5000` → `412.5`: without trailing zeros. */
function plain(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

const byName = (a: Expected, b: Expected) => (nameOf(a) < nameOf(b) ? -1 : 1);
const nameOf = (e: Expected) => `${e.rule} ${e.comparison} ${e.key}`;
