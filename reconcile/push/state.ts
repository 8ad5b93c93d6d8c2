/** A push as people and code read it, from its folded row in the store. */
import { RequestError } from "#core/errors";
import type { Instant } from "#core/time";
import { listPushes, type PushRow } from "#sql/queries/pushes";
import type { Store } from "#sql/store";
import { type Proposal, ProposalSchema } from "./proposal.ts";

export type PushStatus = PushRow["status"];

export interface Push {
  id: string;
  exceptionId: string;
  rule: string;
  status: PushStatus;
  proposal: Proposal;
  undoOf: string;
  targetNativeId: string;
  requestedBy: string;
  requestedAt: Instant;
  decidedBy: string | null;
  decidedAt: Instant | null;
  changedAt: Instant;
  appliedAt: Instant | null;
  verifiedAt: Instant | null;
  /** What the last event carries: the receipt, or the vendor's words. */
  last: Record<string, unknown>;
}

/** Where each status leaves a push; the words are shown to people. */
export const STATUS_WORDS: Record<PushStatus, string> = {
  requested: "Waiting for approval",
  approved: "Approved, about to be written",
  refused: "Refused",
  withdrawn: "Lapsed or withdrawn",
  started: "Being written",
  applied: "Written, waiting for proof",
  already_right: "Was right already, waiting for proof",
  conflict: "Not written: the value had moved",
  rejected: "Not written: the system refused it",
  unknown: "Unknown outcome: a person must look",
  verified: "Verified: read back and the rule passes",
  unconfirmed: "Written, but not seen again in time",
};

/** No event will follow by itself. */
export const FINAL: ReadonlySet<PushStatus> = new Set([
  "refused",
  "withdrawn",
  "conflict",
  "rejected",
  "verified",
]);

const NONE = "1970-01-01T00:00:00.000Z";
const orNull = (at: Instant) => (at === NONE ? null : at);

export function pushOf(row: PushRow): Push {
  return {
    id: row.push_id,
    exceptionId: row.exception_id,
    rule: row.rule,
    status: row.status,
    proposal: ProposalSchema.parse(JSON.parse(row.proposal)) as Proposal,
    undoOf: row.undo_of,
    targetNativeId: row.target_native_id,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    decidedBy: row.decision === "" ? null : row.decided_by,
    decidedAt: row.decision === "" ? null : orNull(row.decided_at),
    changedAt: row.changed_at,
    appliedAt: orNull(row.applied_at),
    verifiedAt: orNull(row.verified_at),
    last: JSON.parse(row.last_detail) as Record<string, unknown>,
  };
}

export interface PushFilter {
  statuses?: readonly PushStatus[];
  exceptionId?: string;
  limit?: number;
}

/** Pushes, newest first. */
export async function pushList(store: Store, filter: PushFilter = {}): Promise<Push[]> {
  const rows = await store.query(listPushes, {
    statuses: [...(filter.statuses ?? [])],
    exception_id: filter.exceptionId ?? "",
    push_id: "",
    limit: filter.limit ?? 200,
  });
  return rows.map(pushOf);
}

/** One push. Throws RequestError when there is none with this id. */
export async function pushShow(store: Store, id: string): Promise<Push> {
  const rows =
    id === "" ? [] : await store.query(listPushes, { statuses: [], exception_id: "", push_id: id, limit: 1 });
  if (!rows[0])
    throw new RequestError("push.unknown", `No push ${id}`, {
      userMessage: `There is no push with the id ${id}. List them with: plumbline push list`,
    });
  return pushOf(rows[0]);
}
