/** What is read of pushes: the ledger's chain, each push's folded state, and the facts a remedy needs. */

import { z } from "zod";
import { chEnum, chInstant, chUInt64, defineQuery, defineTable } from "#sql/query";

export const PUSH_EVENT_TYPES = [
  "requested",
  "approved",
  "refused",
  "started",
  "applied",
  "already_right",
  "conflict",
  "rejected",
  "unknown",
  "verified",
  "unconfirmed",
  "withdrawn",
] as const;

const eventRow = z.object({
  seq: chUInt64,
  push_id: z.string(),
  at: chInstant,
  type: chEnum(PUSH_EVENT_TYPES),
  actor: z.string(),
  exception_id: z.string(),
  rule: z.string(),
  target_source: z.string(),
  target_entity: z.string(),
  target_native_id: z.string(),
  undo_of: z.string(),
  detail: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
});
export type LedgerRow = z.infer<typeof eventRow>;

export const pushEventTable = defineTable({ name: "push_event", row: eventRow });

export const ledgerHead = defineQuery({
  name: "pushes.ledger-head",
  params: z.object({}),
  row: z.object({ seq: chUInt64, hash: z.string() }),
});
export const ledgerAll = defineQuery({ name: "pushes.ledger-all", params: z.object({}), row: eventRow });
export const pushEvents = defineQuery({
  name: "pushes.events",
  params: z.object({ push_id: z.string() }),
  row: eventRow,
});

export const PUSH_STATUSES = PUSH_EVENT_TYPES;
export const pushRow = z.object({
  push_id: z.string(),
  exception_id: z.string(),
  rule: z.string(),
  target_source: z.string(),
  target_entity: z.string(),
  target_native_id: z.string(),
  undo_of: z.string(),
  /** The proposal as JSON. */
  proposal: z.string(),
  requested_by: z.string(),
  requested_at: chInstant,
  decided_by: z.string(),
  decided_at: chInstant,
  decision: z.string(),
  status: chEnum(PUSH_STATUSES),
  last_detail: z.string(),
  changed_at: chInstant,
  applied_at: chInstant,
  verified_at: chInstant,
});
export type PushRow = z.infer<typeof pushRow>;

export const listPushes = defineQuery({
  name: "pushes.list",
  params: z.object({
    statuses: z.array(z.enum(PUSH_STATUSES)),
    exception_id: z.string(),
    push_id: z.string(),
    limit: z.number().int().positive(),
  }),
  row: pushRow,
});

export const nativeIds = defineQuery({
  name: "pushes.native-ids",
  params: z.object({ entity: z.string(), role: z.string(), keys: z.array(z.string()) }),
  row: z.object({ key: z.string(), native_id: z.string(), source_id: z.string() }),
});

const recordParams = z.object({ role: z.string(), key: z.string() });

export const timeEntryRecord = defineQuery({
  name: "pushes.time-entry",
  params: recordParams,
  row: z.object({
    native_id: z.string(),
    changed_at: z.string(),
    project_key: z.string(),
    task_key: z.string(),
    resource_key: z.string(),
    work_on: z.string(),
    hours: z.string(),
    is_billable: z.string(),
    is_approved: z.string(),
    note: z.string(),
  }),
});

export const projectRecord = defineQuery({
  name: "pushes.project",
  params: recordParams,
  row: z.object({
    native_id: z.string(),
    changed_at: z.string(),
    code: z.string(),
    name: z.string(),
    customer_key: z.string(),
    legal_entity: z.string(),
    currency: z.string(),
    start_on: z.string(),
    end_on: z.string(),
  }),
});
