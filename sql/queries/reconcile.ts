/** What a reconciliation run reads and writes beside the SQL compiled from its comparisons. */
import { z } from "zod";
import {
  chBool,
  chCount,
  chDate,
  chDecimal,
  chEnum,
  chInstant,
  chInt,
  chString,
  defineQuery,
  defineTable,
} from "#sql/query";

const KIND = chEnum([
  "match",
  "pending",
  "unlinked",
  "duplicate_key",
  "missing_left",
  "missing_right",
  "mismatch",
]);
const MODE = chEnum(["full", "incremental"]);
export const RUN_STATUS = chEnum(["clean", "exceptions", "inconclusive", "failed", "not_applicable"]);
const BLOCKING = chEnum(["hard", "soft", "no"]);
const STATUS = chEnum([
  "suspected",
  "open",
  "acknowledged",
  "snoozed",
  "waived",
  "shadow",
  "absorbed",
  "resolved",
  "cleared",
]);
const EVENT = chEnum([
  "suspected",
  "opened",
  "seen",
  "changed",
  "reopened",
  "resolved",
  "acknowledged",
  "assigned",
  "commented",
  "snoozed",
  "waived",
  "cleared",
  "woke",
  "absorbed",
]);

const ofRun = z.object({ comparison: z.string(), run_id: z.string() });

export const lastRuns = defineQuery({
  name: "reconcile.last-runs",
  params: z.object({}),
  row: z.object({
    comparison: chString,
    last_at: chInstant,
    last_run_id: chString,
    last_mode: MODE,
    seen_until: chInstant,
    left_rows: chCount,
    right_rows: chCount,
    full_at: chInstant,
    /** Of its statements; what was made otherwise is no base for looking only at what was touched. */
    full_hash: chString,
  }),
});
export type LastRun = ReturnType<typeof lastRuns.read>;

/** The last full conclusive run of a comparison, and what of it time alone may change. */
export const runBasis = defineQuery({
  name: "reconcile.basis",
  params: z.object({}),
  row: z.object({
    comparison: chString,
    newest_status: RUN_STATUS,
    /** When its outcome was last worked out, in full or for the keys touched. */
    looked_at: chInstant,
    run_id: chString,
    started_at: chInstant,
    status: RUN_STATUS,
    sql_hash: chString,
    left_rows: chCount,
    right_rows: chCount,
    keys: chCount,
    matched: chCount,
    pending: chCount,
    unlinked: chCount,
    duplicate_key: chCount,
    missing_left: chCount,
    missing_right: chCount,
    mismatch: chCount,
    /** Keys with a field that differs and has not settled. */
    waiting: chCount,
    /** Exceptions of it that are not over, and those that failed once only. */
    standing: chCount,
    suspected: chCount,
    oldest_seen_at: chInstant,
  }),
});
export type RunBasis = ReturnType<typeof runBasis.read>;

export const newestTouch = defineQuery({
  name: "reconcile.newest-touch",
  params: z.object({ since: z.string() }),
  row: z.object({ what: chString, at: chInstant }),
});

export const findingsOtherwise = defineQuery({
  name: "reconcile.otherwise",
  params: z.object({ comparison: z.string(), run_ids: z.array(z.string()) }),
  row: z.object({ keys: chCount }),
});

export const latestStart = defineQuery({
  name: "reconcile.latest-start",
  params: z.object({}),
  row: z.object({ run_at: chInstant.nullable(), event_at: chInstant.nullable() }),
});

export const kindCounts = defineQuery({
  name: "reconcile.counts",
  params: ofRun,
  row: z.object({
    kind: KIND,
    keys: chCount,
    left_keys: chCount,
    right_keys: chCount,
    left_rows: chCount,
    right_rows: chCount,
    surplus_rows: chCount,
    judged: chCount,
    fields: z.array(z.string()),
  }),
});

export const findSteps = defineQuery({
  name: "reconcile.steps",
  params: z.object({ run_id: z.string() }),
  row: z.object({
    step: chEnum(["left", "right", "join", "touched", "rows"]),
    keys: chCount,
    rows: chCount,
    found: chCount,
  }),
});

export const foundKeys = defineQuery({
  name: "reconcile.found-keys",
  params: z.object({ run_id: z.string() }),
  row: z.object({ found: chCount }),
});

export const missedKeys = defineQuery({
  name: "reconcile.missed",
  params: ofRun.extend({ entity: z.string(), seen_from: z.string() }),
  row: z.object({ keys: chCount }),
});

export const verdictNews = defineQuery({
  name: "reconcile.news",
  params: ofRun,
  row: z.object({
    exception_id: chString,
    event: chEnum(["suspected", "opened", "reopened", "changed", "seen", "absorbed"]),
    rule: chString,
    rule_version: chInt,
    comparison: chString,
    key: chString,
    field_group: chString,
    kind: chString,
    fields: z.array(chString),
    severity: chInt,
    blocking: BLOCKING,
    money: chDecimal.nullable(),
    currency: chString,
    money_reporting: chDecimal.nullable(),
    unpriced: chInt,
    items: chInt,
    project_key: chString,
    customer_key: chString,
    legal_entity: chString,
    evidence_hash: chString,
    detail: chString,
    cause_id: chString,
    l_source_id: chString,
    r_source_id: chString,
    l_native_ids: z.array(chString),
    r_native_ids: z.array(chString),
    l_changed_at: chInstant,
    r_changed_at: chInstant,
    l_rows: chInt,
    r_rows: chInt,
    l_values: z.record(z.string(), chString),
    r_values: z.record(z.string(), chString),
    carried: z.record(z.string(), chString),
    waiting: z.array(chString),
  }),
});
export type VerdictNews = ReturnType<typeof verdictNews.read>;

export const stateRow = z.object({
  id: chString,
  was: STATUS,
  rule: chString,
  rule_version: chInt,
  comparison: chString,
  key: chString,
  field_group: chString,
  kind: chString,
  severity: chInt,
  blocking: BLOCKING,
  money: chDecimal.nullable(),
  currency: chString,
  money_reporting: chDecimal.nullable(),
  project_key: chString,
  customer_key: chString,
  legal_entity: chString,
});
export type ExceptionState = z.infer<typeof stateRow>;

export const wokenExceptions = defineQuery({
  name: "reconcile.woken",
  params: z.object({ at: z.string() }),
  row: stateRow.extend({ outgrown: chBool }),
});

export const exceptionsBehind = defineQuery({
  name: "reconcile.behind",
  params: z.object({}),
  row: z.object({ is_behind: chBool }),
});

export const exceptionStates = defineQuery({
  name: "reconcile.state",
  params: z.object({ ids: z.array(z.string()) }),
  row: stateRow.extend({ changed_at: chInstant }),
});

export const streamFreshness = defineQuery({
  name: "reconcile.streams",
  params: z.object({}),
  row: z.object({
    source_id: chString,
    stream: chString,
    complete_until: chInstant,
    last_at: chInstant,
    last_state: chEnum(["started", "finished", "failed"]),
    last_error: chString,
  }),
});
export type StreamFreshness = ReturnType<typeof streamFreshness.read>;

export const probeMismatches = defineQuery({
  name: "reconcile.probes",
  params: z.object({ since: z.string() }),
  row: z.object({
    source_id: chString,
    stream: chString,
    day: chDate,
    at: chInstant,
    source_count: chCount,
    store_count: chCount,
  }),
});

export const ambiguousSides = defineQuery({
  name: "reconcile.sides",
  params: ofRun.extend({ scope: z.enum(["all", "touched"]) }),
  row: z.object({
    side: chEnum(["left", "right"]),
    of_kind: chEnum(["unlinked", "duplicate_key"]),
    keys: chCount,
    some_keys: z.array(chString),
    some_native_ids: z.array(chString),
    affected_hash: chString,
  }),
});

export const exchangeRates = defineQuery({
  name: "reconcile.exchange-rates",
  params: z.object({}),
  row: z.object({ currency: chString, effective_from: chDate, rate: chDecimal }),
});

export const exchangeRateTable = defineTable({
  name: "exchange_rate",
  row: z.object({ currency: chString, effective_from: chDate, rate: chDecimal, at: chInstant }),
});

export const comparisonRunTable = defineTable({
  name: "comparison_run",
  row: z.object({
    run_id: chString,
    comparison: chString,
    mode: MODE,
    started_at: chInstant,
    finished_at: chInstant,
    status: RUN_STATUS,
    why: chString,
    detail: chString,
    sql_hash: chString,
    left_as_of: chInstant,
    right_as_of: chInstant,
    left_rows: chCount,
    right_rows: chCount,
    keys: chCount,
    matched: chCount,
    pending: chCount,
    unlinked: chCount,
    duplicate_key: chCount,
    missing_left: chCount,
    missing_right: chCount,
    mismatch: chCount,
    missed_by_incremental: chCount,
    seen_until: chInstant,
  }),
});

/** Verdicts written by hand: those of the gates and of whole sides, which carry no money. */
export const verdictTable = defineTable({
  name: "verdict",
  row: z.object({
    run_id: chString,
    run_at: chInstant,
    exception_id: chString,
    rule: chString,
    rule_version: chInt,
    comparison: chString,
    key: chString,
    field_group: chString,
    kind: chString,
    fields: z.array(chString),
    severity: chInt,
    blocking: BLOCKING,
    money: chDecimal.nullable(),
    currency: chString,
    money_reporting: chDecimal.nullable(),
    unpriced: chInt,
    items: z.array(z.tuple([chString, chDecimal.nullable(), chDecimal.nullable()])),
    fx: chDecimal,
    project_key: chString,
    customer_key: chString,
    legal_entity: chString,
    absorbed_by: chString,
    evidence_hash: chString,
    detail: chString,
  }),
});

export const exceptionEventTable = defineTable({
  name: "exception_event",
  row: z.object({
    exception_id: chString,
    at: chInstant,
    event_id: chString,
    type: EVENT,
    actor: chString,
    run_id: chString,
    rule: chString,
    rule_version: chInt,
    comparison: chString,
    key: chString,
    field_group: chString,
    kind: chString,
    severity: chInt,
    blocking: BLOCKING,
    money: chDecimal.nullable(),
    currency: chString,
    money_reporting: chDecimal.nullable(),
    project_key: chString,
    customer_key: chString,
    legal_entity: chString,
    evidence: chString,
    evidence_hash: chString,
    assignee: chString,
    note: chString,
    until: chInstant,
    /** Of `absorbed`: the exception that explains it. */
    cause_id: chString,
  }),
});
export type ExceptionEvent = Parameters<typeof exceptionEventTable.write>[0];
