/** Exceptions as programs and tests list them (the console's queue is in queue.ts), one in full, its events and the billable items it holds up. */
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
} from "#sql/query";

export const EXCEPTION_STATUSES = [
  "suspected",
  "open",
  "acknowledged",
  "snoozed",
  "waived",
  "shadow",
  "absorbed",
  "resolved",
  "cleared",
] as const;
export type ExceptionStatus = (typeof EXCEPTION_STATUSES)[number];

/** Empty lists and empty text mean "any"; `assignee` "none" means nobody; `min_money` is in the reporting currency. */
const filter = z.object({
  statuses: z.array(z.enum(EXCEPTION_STATUSES)),
  rules: z.array(z.string()),
  severities: z.array(z.number().int()),
  blocking: z.enum(["hard", "soft", "no", ""]),
  project: z.string(),
  customer: z.string(),
  entity: z.string(),
  assignee: z.string(),
  text: z.string(),
  min_money: z.string(),
});
export type ExceptionFilter = z.infer<typeof filter>;

/** What still needs someone: neither resolved nor waived nor merely suspected. */
export const STANDING: ExceptionFilter = {
  statuses: ["open", "acknowledged", "snoozed"],
  rules: [],
  severities: [],
  blocking: "",
  project: "",
  customer: "",
  entity: "",
  assignee: "",
  text: "",
  min_money: "0",
};

/** Where the queue begins: pass a row's `rank`, `weight` and `id` instead to go on after it. */
export const QUEUE_START = { after_rank: 0, after_weight: "0", after_id: "" };

const row = z.object({
  id: chString,
  rule: chString,
  rule_version: chInt,
  comparison: chString,
  key: chString,
  field_group: chString,
  status: chEnum(EXCEPTION_STATUSES),
  kind: chString,
  severity: chInt,
  blocking: chEnum(["hard", "soft", "no"]),
  /** At stake, in `currency`; null when it is not known or the rule puts none at stake. */
  money: chDecimal.nullable(),
  currency: chString,
  money_reporting: chDecimal.nullable(),
  project_key: chString,
  customer_key: chString,
  legal_entity: chString,
  /** 1970 when it never opened. */
  opened_at: chInstant,
  last_seen_at: chInstant,
  changed_at: chInstant,
  /** 1970 when it never was. */
  resolved_at: chInstant,
  assignee: chString,
  /** 1970 unless it is snoozed; the same for a waiver. */
  snoozed_until: chInstant,
  waived_until: chInstant,
  times_reopened: chCount,
  comments: chCount,
});

export const listExceptions = defineQuery({
  name: "exceptions.list",
  params: filter.extend({
    after_rank: z.number().int(),
    after_weight: z.string(),
    after_id: z.string(),
    limit: z.number().int().positive(),
  }),
  row: row.extend({ rank: chInt, weight: chDecimal }),
});
export type ExceptionRow = ReturnType<typeof listExceptions.read>;

export const exceptionDetail = defineQuery({
  name: "exceptions.detail",
  params: z.object({ id: z.string() }),
  row: row.extend({
    /** JSON, see reconcile/evidence.ts. */
    evidence: chString,
    /** The run whose evidence this is. */
    run_id: chString,
    evidence_at: chInstant,
    waiver_cap: chDecimal.nullable(),
    /** Why the severity is one higher than the rule's own: `money`, `age`, `cutoff`. */
    raised_by: z.array(chString),
    /** Of a symptom, the exception that explains it; else empty. */
    cause_id: chString,
  }),
});
export type ExceptionDetail = ReturnType<typeof exceptionDetail.read>;

export const EXCEPTION_EVENT_TYPES = [
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
] as const;

export const exceptionEvents = defineQuery({
  name: "exceptions.events",
  params: z.object({ id: z.string() }),
  row: z.object({
    event_id: chString,
    at: chInstant,
    type: chEnum(EXCEPTION_EVENT_TYPES),
    actor: chString,
    run_id: chString,
    kind: chString,
    severity: chInt,
    money: chDecimal.nullable(),
    currency: chString,
    money_reporting: chDecimal.nullable(),
    evidence: chString,
    assignee: chString,
    note: chString,
    until: chInstant,
  }),
});

export const exceptionItems = defineQuery({
  name: "exceptions.items",
  params: z.object({ id: z.string(), limit: z.number().int().positive() }),
  row: z.object({
    item_key: chString,
    work_on: chDate,
    resource_key: chString,
    hours: chDecimal,
    value: chDecimal,
    at_stake: chDecimal,
    currency: chString,
    value_reporting: chDecimal,
    at_stake_reporting: chDecimal,
    is_unpriced: chBool,
    /** The exception under which the item is counted; empty when nothing that blocks stands open on it. */
    blocked_by: chString,
  }),
});
