/**
 * Whether a comparison can only come out as it did: nothing it reads was touched since it was last made in full, it is the same day,
 * nothing of it waits for time to pass, and it is still made in the same way. It is then not made again, and its run says so. A full
 * run compares all the same, and what it finds otherwise than it stood has been missed (see integrity.ts).
 */
import { ENTITIES, type Entity } from "#core/entities";
import { sha256 } from "#core/ids";
import { type Instant, instantOf, msOf } from "#core/time";
import { findingsOtherwise, newestTouch, type RunBasis, runBasis } from "#sql/queries/reconcile";
import type { Store } from "#sql/store";
import { SEEN_MARGIN_MS } from "#sql/tables";
import { readsOf } from "#sql/view-reads";
import type { Comparison, Kind } from "./comparison.ts";
import type { Rule } from "./rule.ts";
import { type Statements, textOf } from "./steps.ts";

/** Touched keys are looked up from this much before the last run began: a sync may have been writing then. */
export const MARGIN_MS = 5 * SEEN_MARGIN_MS;
const DAY_MS = 86_400_000;
/** A run writes these itself. */
const OWN = new Set(["finding", "find_step", "verdict"]);
/** What is no entity, and says itself when it changed. */
const NOTED = new Set(["exchange_rate", "over_cap_time"]);

/** What the comparisons of one turn rest on, and how they stood before it. */
export interface Standing {
  /**
   * The run whose outcome stands unchanged, or null when the comparison must be made. Ask at the comparison's turn: what fails in
   * one made before it may explain what fails here.
   */
  unchanged(comparison: Comparison, statements: Statements, hash: string, runAt: Instant): RunBasis | null;
  /** Whether there was no exception of it that a run could end. */
  hasNone(comparison: string): boolean;
  /** Note that a comparison was made and concluded. */
  made(comparison: string, runAt: Instant): void;
}

/** Throws what the store throws. */
export async function readStanding(store: Store): Promise<Standing> {
  const bases = new Map((await store.query(runBasis, {})).map((b) => [b.comparison, b]));
  const oldest = Math.min(...[...bases.values()].map((b) => msOf(b.started_at)));
  const since = instantOf(Math.max(0, (Number.isFinite(oldest) ? oldest : 0) - MARGIN_MS));
  const touched = new Map((await store.query(newestTouch, { since })).map((t) => [t.what, msOf(t.at)]));
  const lookedAt = new Map([...bases.values()].map((b) => [b.comparison, msOf(b.looked_at)]));
  return {
    hasNone: (comparison) => bases.get(comparison)?.standing === 0,
    made: (comparison, runAt) => void lookedAt.set(comparison, msOf(runAt)),
    unchanged(comparison, statements, hash, runAt) {
      const basis = bases.get(comparison.id);
      if (!basis || !isQuiet(basis, runAt) || basis.sql_hash !== hash) return null;
      const at = msOf(basis.started_at);
      const rests = restsOn(statements, failing(basis));
      const isTouched = (what: string) => (touched.get(what) ?? 0) > at - MARGIN_MS;
      const isOther = (parent: string) => (lookedAt.get(parent) ?? 0) > at;
      return rests === null || rests.touchable.some(isTouched) || rests.parents.some(isOther) ? null : basis;
    },
  };
}

/** Whether the run was conclusive, is of this day, and left nothing that time alone changes. */
function isQuiet(basis: RunBasis, runAt: Instant): boolean {
  return (
    (basis.newest_status === "clean" || basis.newest_status === "exceptions") &&
    basis.started_at.slice(0, 10) === runAt.slice(0, 10) &&
    basis.pending === 0 &&
    basis.waiting === 0 &&
    basis.suspected === 0 &&
    // What stays as it is says so once a day.
    (msOf(basis.oldest_seen_at) === 0 || msOf(basis.oldest_seen_at) > msOf(runAt) - DAY_MS)
  );
}

function failing(basis: RunBasis): readonly Kind[] {
  const kinds = ["unlinked", "duplicate_key", "missing_left", "missing_right", "mismatch"] as const;
  return kinds.filter((kind) => basis[kind] > 0);
}

/**
 * What must not have changed: entities, exchange rates, lines beyond a cap, and the comparisons whose failures explain failures of this one. The
 * rules only look further where something fails. Null when a statement reads anything of which changes are not noted.
 */
function restsOn(
  statements: Statements,
  failingKinds: readonly Kind[],
): { touchable: string[]; parents: string[] } | null {
  const due = statements.verdicts.filter((v) => v.kinds.some((kind) => failingKinds.includes(kind)));
  const find = readsOf([statements.countSides, statements.judgeAll]).tables;
  const verdicts = readsOf(due.map((v) => v.sql)).tables;
  const parents = due.flatMap(({ sql }) => parentsIn(sql));
  const mentions = due.reduce((n, { sql }) => n + (sql.match(/\bfinding_current\b/g)?.length ?? 0), 0);
  if (mentions !== parents.length) return null;
  const isNoted = (table: string) => NOTED.has(table) || ENTITIES.includes(table as Entity);
  const touchable = [...find, ...verdicts].filter(
    (table) => !OWN.has(table) && !(table === "comparison_run" && mentions > 0 && !find.has(table)),
  );
  return touchable.every(isNoted) ? { touchable, parents } : null;
}

/** The comparisons a verdict looks for failing parents in (see absorbedBy in compile-verdict.ts). */
function parentsIn(sql: string): string[] {
  return [...sql.matchAll(/\bfinding_current WHERE comparison = '([^']+)'/g)].map((m) => m[1] ?? "");
}

/** Whatever the outcome of a comparison follows from beside the data: its statements, the views they read, and what rules claim. */
export function madeHow(
  comparison: Comparison,
  rules: readonly Rule[],
  statements: Statements,
  reporting: string,
): string {
  const text = textOf(statements);
  const claims = rules
    .filter((r) => r.per === "side")
    .map((r) => [r.id, r.version, r.claims.filter((c) => c.comparison === comparison.id)]);
  return sha256([text, ...readsOf([text]).viewTexts, JSON.stringify(claims), reporting].join(";\n\n"));
}

/** How many keys two runs of a comparison found failing differently. */
export async function foundOtherwise(
  store: Store,
  comparison: string,
  runIds: readonly [string, string],
): Promise<number> {
  return (await store.query(findingsOtherwise, { comparison, run_ids: [...runIds] }))[0]?.keys ?? 0;
}
