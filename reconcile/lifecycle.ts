/**
 * From the verdicts of one conclusive run to events of exceptions: opened, suspected, changed, seen, reopened, absorbed by the
 * exception that explains it; resolved or cleared when a run looked and found nothing. What stays as it was makes no event. Which event a verdict makes is said by the view
 * `verdict_event`; here the evidence is put together and the events are stored, in batches.
 */

import { subtract } from "#core/decimal";
import { stableId } from "#core/ids";
import { chTime, daysBetween, type Instant, instantOf, msOf } from "#core/time";
import {
  type ExceptionEvent,
  type ExceptionState,
  exceptionEventTable,
  type VerdictNews,
  verdictNews,
  wokenExceptions,
} from "#sql/queries/reconcile";
import type { Store } from "#sql/store";
import type { Field } from "./comparison.ts";
import { END_GONE_SQL, goneCounts } from "./compile-gone.ts";
import { STORE_ITEMS_SQL } from "./compile-verdict.ts";
import { Evidence, type EvidenceDetail } from "./evidence.ts";
import { refreshActedOn, refreshAfterRun } from "./exception-state.ts";
import { explainRule } from "./explain.ts";
import type { AsOf } from "./gates.ts";
import { AS_RELEASED, type Catalogue } from "./governance/catalogue.ts";

/** Who acts when a run does. */
export const SYSTEM_ACTOR = "plumbline";
const NEVER = instantOf(0);
const BATCH = 10_000;

export interface RunScope {
  runId: string;
  /** When the run counts as having happened: later than any event before it. */
  runAt: Instant;
  /** "" for the gates. */
  comparison: string;
  asOf: AsOf;
  /** The rules in force; as released for the gates, which are never changed. */
  catalogue?: Catalogue;
}

export interface LifecycleCounts {
  suspected: number;
  opened: number;
  changed: number;
  seen: number;
  reopened: number;
  /** Became a symptom of another exception. */
  absorbed: number;
  resolved: number;
  cleared: number;
}

export const NO_EVENTS: LifecycleCounts = {
  suspected: 0,
  opened: 0,
  changed: 0,
  seen: 0,
  reopened: 0,
  absorbed: 0,
  resolved: 0,
  cleared: 0,
};

/**
 * Stores the events that a run makes and folds the exceptions they are about: those of its verdicts (with the billable lines behind
 * them), unless it has none, and the end of what it looked for and did not find failing.
 */
export async function applyRun(
  store: Store,
  run: RunScope,
  { hasVerdicts, gone }: { hasVerdicts: boolean; gone: GoneScope | false },
): Promise<LifecycleCounts> {
  const counts = hasVerdicts ? await applyVerdicts(store, run) : { ...NO_EVENTS };
  if (gone) Object.assign(counts, await resolveGone(store, run, gone));
  if (Object.values(counts).some((n) => n > 0)) await refreshAfterRun(store, run.runId);
  return counts;
}

async function applyVerdicts(store: Store, run: RunScope): Promise<LifecycleCounts> {
  const counts = { ...NO_EVENTS };
  let batch: ExceptionEvent[] = [];
  let writing: Promise<void> | null = null;
  const flush = async () => {
    // Lines first: lines without an event are never read, an event without its lines would be.
    if (writing === null) await store.command(STORE_ITEMS_SQL, { run_id: run.runId });
    else await writing;
    writing = store.insert(exceptionEventTable, batch);
    // Its failure is met where it is awaited; until then it is no unhandled one.
    writing.catch(() => undefined);
    batch = [];
  };
  try {
    for await (const news of store.stream(verdictNews, { run_id: run.runId, comparison: run.comparison })) {
      counts[news.event] += 1;
      batch.push(eventOf(news, run));
      // One batch is stored while the next is put together.
      if (batch.length === BATCH) await flush();
    }
    if (batch.length > 0) await flush();
  } finally {
    await writing;
  }
  return counts;
}

export interface GoneScope {
  /** Rules with an exception per key: looked for among all keys, or among those the run touched. */
  rules: readonly string[];
  scope: "all" | "touched";
  /** Rules about a stream or a whole side: always looked for. */
  whole: readonly string[];
  /** Keys of exceptions that stay although the run did not raise them. */
  held?: readonly string[];
}

/** Resolves (or, when it was only suspected, clears) what a conclusive run looked for and did not find failing. */
async function resolveGone(
  store: Store,
  run: RunScope,
  { rules, scope, whole, held = [] }: GoneScope,
): Promise<Pick<LifecycleCounts, "resolved" | "cleared">> {
  const params = {
    run_id: run.runId,
    comparison: run.comparison,
    rules: [...rules],
    whole: [...whole],
    held: [...held],
    scope,
  };
  const [gone = { resolved: 0, cleared: 0 }] = await store.query(goneCounts, params);
  if (gone.resolved + gone.cleared > 0)
    await store.command(END_GONE_SQL, { ...params, at: chTime(run.runAt), actor: SYSTEM_ACTOR });
  return gone;
}

/** Ends snoozes and waivers whose time is over, and waivers whose cap the money has outgrown. */
export async function wakeExceptions(store: Store, at: Instant): Promise<number> {
  const woken = await store.query(wokenExceptions, { at: chTime(at) });
  await store.insert(
    exceptionEventTable,
    woken.map((e) =>
      stateEvent(
        e,
        at,
        "woke",
        "",
        e.outgrown
          ? "The money has outgrown the waiver."
          : e.was === "waived"
            ? "The waiver ended."
            : "The snooze ended.",
      ),
    ),
  );
  await refreshActedOn(
    store,
    woken.map((e) => e.id),
  );
  return woken.length;
}

/** An event that leaves the exception's particulars as they stand. */
export function stateEvent(
  e: Omit<ExceptionState, "was">,
  at: Instant,
  type: ExceptionEvent["type"],
  runId: string,
  note: string,
  more: Partial<Pick<ExceptionEvent, "actor" | "assignee" | "until" | "event_id" | "money_reporting">> = {},
): ExceptionEvent {
  return {
    exception_id: e.id,
    at,
    event_id: stableId("event", e.id, type, runId, at),
    type,
    actor: SYSTEM_ACTOR,
    run_id: runId,
    rule: e.rule,
    rule_version: e.rule_version,
    comparison: e.comparison,
    key: e.key,
    field_group: e.field_group,
    kind: e.kind,
    severity: e.severity,
    blocking: e.blocking,
    money: e.money,
    currency: e.currency,
    money_reporting: e.money_reporting,
    project_key: e.project_key,
    customer_key: e.customer_key,
    legal_entity: e.legal_entity,
    evidence: "",
    evidence_hash: "",
    assignee: "",
    note,
    until: NEVER,
    cause_id: "",
    ...more,
  };
}

function eventOf(news: VerdictNews, run: RunScope): ExceptionEvent {
  return {
    exception_id: news.exception_id,
    at: run.runAt,
    event_id: stableId("event", news.exception_id, news.event, run.runId),
    type: news.event,
    actor: SYSTEM_ACTOR,
    run_id: run.runId,
    rule: news.rule,
    rule_version: news.rule_version,
    comparison: news.comparison,
    key: news.key,
    field_group: news.field_group,
    kind: news.kind,
    severity: news.severity,
    blocking: news.blocking,
    money: news.money,
    currency: news.currency,
    money_reporting: news.money_reporting,
    project_key: news.project_key,
    customer_key: news.customer_key,
    legal_entity: news.legal_entity,
    evidence: JSON.stringify(evidenceOf(news, run)),
    evidence_hash: news.evidence_hash,
    assignee: "",
    note: "",
    until: NEVER,
    cause_id: news.event === "absorbed" ? news.cause_id : "",
  };
}

function evidenceOf(news: VerdictNews, run: RunScope): Evidence {
  const { rules, comparisons } = run.catalogue ?? AS_RELEASED;
  const rule = rules.find((r) => r.id === news.rule);
  const comparison = comparisons.find((c) => c.id === news.comparison);
  const side = (which: "left" | "right") => {
    const l = which === "left";
    const changedAt = l ? news.l_changed_at : news.r_changed_at;
    return {
      role: comparison?.[which].role ?? "",
      noun: comparison?.[which].noun ?? "",
      sourceId: l ? news.l_source_id : news.r_source_id,
      nativeIds: l ? news.l_native_ids : news.r_native_ids,
      rows: l ? news.l_rows : news.r_rows,
      changedAt: msOf(changedAt) === 0 ? null : changedAt,
    };
  };
  const money = rule?.money.basis === "money" ? rule.money.words : "";
  const fields = news.detail || !comparison ? [] : comparison.fields.filter((f) => isHeld(f, news));
  return {
    comparison: news.comparison,
    kind: news.kind,
    fields: fields.map((f) => fieldEvidence(f, news)),
    left: side("left"),
    right: side("right"),
    carried: news.carried,
    why: {
      sentence: rule
        ? explainRule(
            rule,
            news.comparison || undefined,
            news.detail ? undefined : fields.map((f) => f.name),
            comparisons,
          )
        : "",
      asOf: run.asOf,
      runId: run.runId,
      ruleVersion: news.rule_version,
    },
    money: {
      amount: news.money,
      currency: news.currency,
      reporting: news.money_reporting,
      formula: money,
      items: news.items,
      unpriced: news.unpriced,
    },
    detail: news.detail ? (Evidence.shape.detail.parse(JSON.parse(news.detail)) as EvidenceDetail) : null,
  };
}

/** A side that holds no such field at all has rows without a value of it; nothing is said of it then. */
function isHeld({ name }: Field, news: VerdictNews): boolean {
  return (news.l_rows === 0 || name in news.l_values) && (news.r_rows === 0 || name in news.r_values);
}

function fieldEvidence(field: Field, news: VerdictNews): Evidence["fields"][number] {
  const left = news.l_values[field.name] ?? null;
  const right = news.r_values[field.name] ?? null;
  return {
    name: field.name,
    label: field.label,
    left,
    right,
    differs: news.fields.includes(field.name),
    waiting: news.waiting.includes(field.name),
    tolerance: toleranceOf(field),
    delta: left === null || right === null ? null : deltaOf(field, left, right),
  };
}

/** "0.01", "0.5 %", "100 or 0.5 %" where the wider of two counts, null where nothing is tolerated. */
function toleranceOf({ tolerance, tolerancePct }: Field): string | null {
  const bounds = [tolerance, tolerancePct && `${tolerancePct} %`].filter((b) => b !== undefined);
  return bounds.length === 0 ? null : bounds.join(" or ");
}

function deltaOf(field: Field, left: string, right: string): string | null {
  if (field.as === "measure") return subtract(right, left);
  return field.as === "date" ? String(daysBetween(left, right)) : null;
}
