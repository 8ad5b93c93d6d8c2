/** The whole job without a browser: ingest, reconcile twice, one approved push of each kind, proof, and the score. */
import { systemClock } from "#core/time";
import { ingestAll } from "#ingest/run";
import { recordRole } from "#reconcile/governance/system-of-record";
import type { RemedyRule } from "#reconcile/push/proposal";
import { canCorrect, REMEDIES } from "#reconcile/push/remedies/index";
import { pushApprove, pushRequest } from "#reconcile/push/request";
import { pushShow, STATUS_WORDS } from "#reconcile/push/state";
import { reconcile } from "#reconcile/run";
import { explained } from "#sql/queries/cases";
import { listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import { workOf } from "../../work.server.ts";
import { actorNamed, type Context, pushDeps, withContext } from "../context.ts";
import { EXIT, endProgress, progress } from "../output.ts";
import { isPerfect, score, Truth } from "./score.ts";

interface OnceOptions {
  truth: string;
  json: boolean;
  say: (text: string) => void;
}

export function demoOnce(options: OnceOptions): Promise<number> {
  return withContext(async (context) => {
    const { say } = options;
    await ingestEverything(context, say);
    for (const turn of ["first", "second"]) await reconcileEverything(context, turn, say);
    const found = await context.store.query(listExceptions, {
      ...STANDING,
      ...QUEUE_START,
      limit: 1_000_000,
    });
    const symptoms = await context.store.query(explained, {});
    say(`${found.length} exceptions are open; ${symptoms.length} failures follow from them.`);
    const truth = Truth.parse(JSON.parse(options.truth));
    const remedies = remediesFor(context, truth);
    const pushes = await pushOneOfEach(context, remedies, found, say);
    const result = score(truth, found, pushes, symptoms);
    if (result.unexplained.length > 0)
      say(`Not a symptom of what causes it:\n  ${result.unexplained.join("\n  ")}`);
    if (result.missed.length > 0) say(`Planted and not found:\n  ${result.missed.join("\n  ")}`);
    if (result.falselyOpened.length > 0) say(`Open and not planted:\n  ${result.falselyOpened.join("\n  ")}`);
    if (result.mispriced.length > 0) say(`Money that differs:\n  ${result.mispriced.join("\n  ")}`);
    const good = isPerfect(result) && pushes.length === remedies.length && pushes.length > 0;
    process.stdout.write(
      options.json
        ? `${JSON.stringify(result)}\n`
        : `planted ${result.planted}, found ${result.found}, opened without cause ${result.falseOpens}, money off by ${result.moneyDifference}; pushed ${result.pushed}, verified ${result.verified}\n`,
    );
    return good ? EXIT.ok : EXIT.problem;
  });
}

export async function ingestEverything(context: Context, say: (text: string) => void): Promise<void> {
  const start = systemClock.now();
  const report = await ingestAll(context.store, context.sources, {
    clock: systemClock,
    onProgress: (p) => progress(`reading ${p.sourceId} ${p.stream}: ${p.read}`),
  });
  endProgress();
  const count = (of: "read" | "rejected") =>
    report.streams.reduce((n, s) => n + (s.ok ? s.report[of] : 0), 0);
  say(
    `Read ${count("read")} records of ${report.streams.length} streams in ${Math.round((systemClock.now() - start) / 1000)} s; ${count("rejected")} could not be understood.`,
  );
  for (const s of report.streams) if (!s.ok) say(`  ${s.sourceId} ${s.stream}: ${s.error}`);
}

export async function reconcileEverything(
  context: Context,
  turn: string,
  say: (text: string) => void,
): Promise<void> {
  const { store, config, sources } = context;
  const runs = await reconcile(store, { clock: systemClock, config, sources }, { mode: "full" });
  for (const run of runs)
    if (run.status === "inconclusive" || run.status === "failed")
      say(`  ${run.comparison}: ${run.status}, ${run.detail}`);
  const keys = runs.reduce((n, r) => n + r.keys, 0);
  say(`Reconciled ${keys} keys in ${runs.length} comparisons, for the ${turn} time.`);
}

/** The corrections that this firm's systems take, for what was planted in them. */
function remediesFor({ config, sources }: Context, truth: Truth): RemedyRule[] {
  return REMEDIES.filter(
    (r) =>
      recordRole(config, r.comparison) === r.record &&
      sources.some((s) => s.config.role === r.corrects.role && canCorrect(s.source, r)) &&
      truth.planted.some((p) => p.rule === r.rule && p.comparison === r.comparison),
  );
}

/** Finance asks, the approver agrees, Plumbline writes and proves: the first exception of each kind there is a push for. */
async function pushOneOfEach(
  context: Context,
  remedies: readonly RemedyRule[],
  found: readonly { id: string; rule: string; comparison: string }[],
  say: (text: string) => void,
): Promise<{ rule: string; verified: boolean }[]> {
  const deps = pushDeps(context);
  const finance = actorNamed(context.config, "finance");
  const approver = actorNamed(context.config, "approver");
  const done: { rule: string; verified: boolean }[] = [];
  for (const remedy of remedies) {
    const exception = found.find((e) => e.rule === remedy.rule && e.comparison === remedy.comparison);
    if (!exception) {
      say(`There is no exception of ${remedy.rule} to push.`);
      continue;
    }
    const { id } = await pushRequest(deps, finance, exception.id);
    await pushApprove(deps, approver, id);
    await workOf(deps).pushNow(id);
    const push = await pushShow(context.store, id);
    say(`${remedy.rule}: ${STATUS_WORDS[push.status]}.`);
    done.push({ rule: remedy.rule, verified: push.status === "verified" });
  }
  return done;
}
