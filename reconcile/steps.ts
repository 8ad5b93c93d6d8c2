/** The statements of one run of one comparison, in the order they are run, and the sums that prove each key came out once. */

import { z } from "zod";
import { InvariantError } from "#core/errors";
import { chTime, type Instant } from "#core/time";
import { findSteps, foundKeys, kindCounts } from "#sql/queries/reconcile";
import { chCount, compiledQuery } from "#sql/query";
import type { Store } from "#sql/store";
import type { Comparison, FailingKind, Kind } from "./comparison.ts";
import {
  countSidesSql,
  findDifferingSql,
  findRepeatedSql,
  findTouchedSql,
  isDated,
  judgeSql,
} from "./compile.ts";
import { verdictSql } from "./compile-verdict.ts";
import type { SideRows } from "./gates.ts";
import type { Catalogue } from "./governance/catalogue.ts";
import type { Rule } from "./rule.ts";

/** Every SQL text of a comparison. */
export interface Statements {
  countSides: string;
  findLeft: string;
  findRight: string;
  findDiffering: string;
  findTouched: string;
  judgeAll: string;
  judgeFound: string;
  judgeTouched: string;
  verdicts: Verdict[];
}

/** What one claim of a rule says of the keys that failed so, and with which fields differing (all, where it names none). */
interface Verdict {
  kinds: readonly FailingKind[];
  fields: readonly string[] | undefined;
  sql: string;
}

export function statementsOf(comparison: Comparison, rules: readonly Rule[]): Statements {
  return {
    countSides: countSidesSql(comparison),
    findLeft: comparison.find === "streamed" ? findRepeatedSql(comparison, "left") : "",
    findRight: comparison.find === "streamed" ? findRepeatedSql(comparison, "right") : "",
    findDiffering: comparison.find === "streamed" ? findDifferingSql(comparison) : "",
    findTouched: findTouchedSql(comparison, rules),
    judgeAll: judgeSql(comparison, rules, "all"),
    judgeFound: judgeSql(comparison, rules, "found"),
    judgeTouched: judgeSql(comparison, rules, "touched"),
    verdicts: rules
      .filter((rule) => rule.per === "key")
      .flatMap((rule) =>
        rule.claims
          .filter((c) => c.comparison === comparison.id)
          .map((claim) => ({
            kinds: claim.kinds,
            fields: claim.fields,
            sql: verdictSql(rule, claim, comparison, rules),
          })),
      ),
  };
}

/** The texts one after the other, for telling whether they changed. */
export function textOf(statements: Statements): string {
  const { verdicts, ...rest } = statements;
  return [...Object.values(rest), ...verdicts.map((v) => v.sql)].join(";\n\n");
}

/** One run of one comparison, as its statements need it. */
export interface Statement {
  store: Store;
  comparison: Comparison;
  /** The rules in force, which the statements were made of. */
  catalogue: Catalogue;
  statements: Statements;
  runId: string;
  params: { as_of: string; reporting: string; runAt: Instant; settledAt: Instant };
  signal: AbortSignal | undefined;
}

/** Whether a claim has anything to say of keys that came out so. */
export function isDue(
  verdict: Verdict,
  { counts, differing }: Pick<Judged, "counts" | "differing">,
): boolean {
  return verdict.kinds.some(
    (kind) =>
      counts[kind] > 0 &&
      (kind !== "mismatch" || (verdict.fields?.some((field) => differing.includes(field)) ?? true)),
  );
}

export interface Judged {
  keys: number;
  counts: Record<Kind, number>;
  /** The fields in which any key differs. */
  differing: readonly string[];
  /** Rows of the keys that were judged. */
  rows: SideRows;
}

/** Runs one statement with the parameters it names. */
export async function runStatement(
  run: Statement,
  sql: string,
  more: Record<string, string> = {},
): Promise<void> {
  const all: Record<string, string> = {
    run_id: run.runId,
    run_at: chTime(run.params.runAt),
    settled_at: chTime(run.params.settledAt),
    as_of: run.params.as_of,
    reporting: run.params.reporting,
    comparison: run.comparison.id,
    ...more,
  };
  const named = Object.fromEntries(Object.entries(all).filter(([name]) => sql.includes(`{${name}:`)));
  await run.store.command(sql, named, run.signal ? { signal: run.signal } : {});
}

/** Counts both sides on their own, for the gates and for the proof that the kinds add up. */
export async function countDirect(run: Statement): Promise<SideRows & { keys: number }> {
  const row = z.object({ left_rows: chCount, right_rows: chCount, keys: chCount });
  const name = `reconcile.count-sides.${run.comparison.id}`;
  const sql = run.statements.countSides;
  const rows = isDated(run.comparison)
    ? await run.store.query(compiledQuery({ name, sql, params: z.object({ as_of: z.string() }), row }), {
        as_of: run.params.as_of,
      })
    : await run.store.query(compiledQuery({ name, sql, params: z.object({}), row }), {});
  return { left: rows[0]?.left_rows ?? 0, right: rows[0]?.right_rows ?? 0, keys: rows[0]?.keys ?? 0 };
}

/** Reads each side once, both at the same time: its rows, and the keys it has more than once. */
export async function scanRepeated(run: Statement): Promise<SideRows> {
  const { findLeft, findRight } = run.statements;
  // Side by side: each reads in order and so with little memory, and on one thread.
  const scans = await Promise.allSettled([findLeft, findRight].map((sql) => runStatement(run, sql)));
  for (const scan of scans) if (scan.status === "rejected") throw scan.reason;
  const steps = await run.store.query(findSteps, { run_id: run.runId });
  const rows = (step: "left" | "right") => steps.find((s) => s.step === step)?.rows ?? 0;
  return { left: rows("left"), right: rows("right") };
}

/** Notes the keys an incremental run must look at and returns how many there are. */
export async function findTouched(run: Statement, entity: string, seenFrom: Instant): Promise<number> {
  await runStatement(run, run.statements.findTouched, { entity, seen_from: chTime(seenFrom) });
  return (await run.store.query(foundKeys, { run_id: run.runId }))[0]?.found ?? 0;
}

/** Scattered keys cost more to look up than everything costs to stream, from about one in a hundred on. */
export function tooManyToLookUp(touched: number, rows: number): boolean {
  return touched > Math.max(20_000, rows / 20);
}

/** Judges every key, those found to differ, or those touched. */
export async function judge(run: Statement, scope: "all" | "found" | "touched"): Promise<void> {
  if (scope === "found") await runStatement(run, run.statements.findDiffering);
  const sql = {
    all: run.statements.judgeAll,
    found: run.statements.judgeFound,
    touched: run.statements.judgeTouched,
  };
  await runStatement(run, sql[scope]);
}

/**
 * How the keys of a run came out, checked against what was counted another way, if anything was. Throws InvariantError when a key came
 * out twice or not at all.
 */
export async function countKinds(
  run: Statement,
  proof: { direct: number } | { judged: true } | { touched: number } | { streamed: true },
): Promise<Judged> {
  const rows = await run.store.query(kindCounts, { run_id: run.runId, comparison: run.comparison.id });
  const counts: Record<Kind, number> = {
    match: 0,
    pending: 0,
    unlinked: 0,
    duplicate_key: 0,
    missing_left: 0,
    missing_right: 0,
    mismatch: 0,
  };
  for (const row of rows) counts[row.kind] = row.keys;
  const differing = rows.flatMap((row) => row.fields);
  const total = (column: Exclude<keyof (typeof rows)[number], "kind" | "fields">) =>
    rows.reduce((a, r) => a + r[column], 0);
  const judged = total("keys");
  const rowsJudged = { left: total("left_rows"), right: total("right_rows") };
  const must = (what: string, a: number, b: number) => {
    if (a !== b)
      throw new InvariantError("reconcile.sum", `${run.comparison.id}: ${what}: ${a} against ${b}`, {
        userMessage: `The run of "${run.comparison.title}" did not add up (${what}: ${a} against ${b}) and was thrown away. This is a fault in Plumbline; please report it with the log.`,
      });
  };
  if ("direct" in proof) {
    must("judged keys against keys counted on both sides", judged, proof.direct);
    return { keys: judged, counts, differing, rows: rowsJudged };
  }
  if ("judged" in proof) return { keys: judged, counts, differing, rows: rowsJudged };
  if ("touched" in proof) {
    if (total("judged") > proof.touched)
      must("judged keys against keys looked up", total("judged"), proof.touched);
    return { keys: judged, counts, differing, rows: rowsJudged };
  }
  const steps = new Map((await run.store.query(findSteps, { run_id: run.runId })).map((s) => [s.step, s]));
  const found = (await run.store.query(foundKeys, { run_id: run.runId }))[0]?.found ?? 0;
  must("judged keys against keys found", judged, found);
  const keys = (steps.get("join")?.rows ?? 0) - total("surplus_rows");
  const passed = keys - judged;
  must("distinct keys on the left", passed + total("left_keys"), steps.get("left")?.keys ?? 0);
  must("distinct keys on the right", passed + total("right_keys"), steps.get("right")?.keys ?? 0);
  counts.match += passed;
  return { keys, counts, differing, rows: rowsJudged };
}
