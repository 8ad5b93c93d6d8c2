/** Runs: how each comparison stands by its newest run, and the history of all of them. */
import { z } from "zod";
import { RequestError } from "#core/errors";
import { ROLE_NAMES } from "#core/roles";
import { msOf } from "#core/time";
import { COMPARISONS } from "#reconcile/comparisons/index";
import { comparisonById } from "#reconcile/explain";
import { runFindings } from "#sql/queries/run-history";
import { latestRuns, listRuns, oneRun, type RunRow, standingRun } from "#sql/queries/runs";
import type { Store } from "#sql/store";
import type { Visit } from "../auth/guard.server.ts";
import { may } from "../auth/permissions.ts";
import { kindWords } from "./what-is-wrong.server.ts";

const PAGE_ROWS = 50;
const FINDINGS_SHOWN = 100;
const FAR = "2200-01-01T00:00:00.000Z";

export const RunFilter = z.object({ comparison: z.string().max(100).catch("") });
export type RunFilter = z.infer<typeof RunFilter>;

const Before = z.iso.datetime();

/** How each comparison's newest run came out; comparisons never run, and those that do not apply, are left out. */
export async function latestOutcomes({ store }: { store: Store }) {
  return (await store.query(latestRuns, {})).filter((r) => r.status !== "not_applicable");
}

/** One row of a run in words. The kinds add up to the keys it looked at. */
export function runLine(row: RunRow) {
  const comparison = comparisonById(row.comparison);
  const left = comparison ? ROLE_NAMES[comparison.left.role] : "left";
  const right = comparison ? ROLE_NAMES[comparison.right.role] : "right";
  const kinds = [
    { kind: "match", words: "Agree", count: row.matched },
    { kind: "pending", words: kindWords("pending", left, right), count: row.pending },
    { kind: "mismatch", words: kindWords("mismatch", left, right), count: row.mismatch },
    { kind: "missing_right", words: kindWords("missing_right", left, right), count: row.missing_right },
    { kind: "missing_left", words: kindWords("missing_left", left, right), count: row.missing_left },
    { kind: "duplicate_key", words: kindWords("duplicate_key", left, right), count: row.duplicate_key },
    { kind: "unlinked", words: kindWords("unlinked", left, right), count: row.unlinked },
  ];
  return {
    ...row,
    title: comparison?.title ?? row.comparison,
    left,
    right,
    kinds,
    sum: kinds.reduce((n, k) => n + k.count, 0),
    tookMs: Math.max(0, msOf(row.finished_at) - msOf(row.started_at)),
  };
}
export type RunLine = ReturnType<typeof runLine>;

/** Runs of one comparison or of all, newest first, from before an instant. */
export async function runsPage({ services, user }: Visit, filter: RunFilter, after: string | null) {
  const { store } = services;
  const before = Before.catch(FAR).parse(after);
  const [newest, rows] = await Promise.all([
    store.query(latestRuns, {}),
    store.query(listRuns, { comparison: filter.comparison, before, limit: PAGE_ROWS + 1 }),
  ]);
  const page = rows.slice(0, PAGE_ROWS).map(runLine);
  const last = rows.length > PAGE_ROWS ? page.at(-1) : undefined;
  return {
    filter,
    comparisons: COMPARISONS.map((c) => {
      const row = newest.find((r) => r.comparison === c.id);
      return { id: c.id, title: c.title, run: row ? runLine(row) : null };
    }),
    rows: page,
    next: last?.started_at ?? null,
    isFirst: before === FAR,
    mayRun: may(user.roles, "run"),
    underWay: services.work.underWay(),
  };
}
export type RunsPage = Awaited<ReturnType<typeof runsPage>>;

/** One run with the keys that did not match, of one kind when asked. */
export async function runPage({ services }: Visit, id: string, kind: string) {
  const { store } = services;
  const row = id === "" ? undefined : (await store.query(oneRun, { run_id: id }))[0];
  if (!row)
    throw new RequestError("run.unknown", `No run ${id}`, {
      userMessage: "There is no such run. It may have been cleared away since the link was made.",
    });
  const run = runLine(row);
  const known = run.kinds.some((k) => k.kind === kind && k.kind !== "match") ? kind : "";
  // A run that found nothing changed has no findings of its own.
  const at = { comparison: row.comparison, at: row.started_at };
  const [standing] = row.why === "unchanged" ? await store.query(standingRun, at) : [];
  const findings = await store.query(runFindings, {
    comparison: row.comparison,
    run_id: standing?.run_id ?? id,
    kind: known,
    limit: FINDINGS_SHOWN,
  });
  return {
    run,
    kind: known,
    shown: FINDINGS_SHOWN,
    findings: findings.map((f) => ({ ...f, words: kindWords(f.kind, run.left, run.right) })),
  };
}
export type RunPage = Awaited<ReturnType<typeof runPage>>;
