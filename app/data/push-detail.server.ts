/** One push with a fresh look at its target while a decision is still to be made, and its rows of the ledger. */
import { durationMs, instantOf, msOf } from "#core/time";
import { previewProposal } from "#reconcile/push/preview";
import { pushShow } from "#reconcile/push/state";
import { pushEvents } from "#sql/queries/pushes";
import { activePeople } from "../auth/accounts.server.ts";
import type { Visit } from "../auth/guard.server.ts";
import { may } from "../auth/permissions.ts";
import { systemNames } from "./freshness.server.ts";
import { pushSummary } from "./push-list.server.ts";

const UNDOABLE = ["applied", "verified", "unconfirmed"];

export async function pushDetail({ services, user }: Visit, id: string) {
  const { store, config, sources } = services;
  const push = await pushShow(store, id);
  const target = sources.find((s) => s.config.id === push.proposal.targetSource);
  const [events, people, preview] = await Promise.all([
    store.query(pushEvents, { push_id: id }),
    activePeople(store),
    // Read again for whoever decides: what was asked for may have been put right, or moved, in the meantime.
    push.status === "requested" && target ? previewProposal(services, target, push.proposal, []) : null,
  ]);
  const names = Object.fromEntries(people.map((p) => [p.name, p.displayName]));
  const own = push.requestedBy === user.name;
  return {
    push: pushSummary(push, systemNames(services.sources), names),
    targetKey: push.proposal.target.key,
    targetNativeId: push.targetNativeId,
    recordUrl:
      push.targetNativeId && target
        ? target.source.recordUrl(push.proposal.target.entity, push.targetNativeId)
        : null,
    preview,
    lapsesAt: instantOf(msOf(push.requestedAt) + durationMs(config.pushes.expireAfter)),
    events: events.map((e) => ({
      seq: e.seq,
      at: e.at,
      type: e.type,
      actor: e.actor === "plumbline" ? "Plumbline" : (names[e.actor] ?? e.actor),
      words: wordsOf(e.type, e.detail),
      hash: e.hash,
    })),
    may: {
      approve: push.status === "requested" && !own && may(user.roles, "approvePush"),
      refuse: push.status === "requested" && !own && may(user.roles, "approvePush"),
      withdraw: push.status === "requested" && own,
      undo:
        UNDOABLE.includes(push.status) &&
        push.undoOf === "" &&
        push.appliedAt !== null &&
        may(user.roles, "requestPush"),
      retry: ["approved", "started", "unknown"].includes(push.status) && may(user.roles, "approvePush"),
    },
    own,
  };
}
export type PushDetail = Awaited<ReturnType<typeof pushDetail>>;

/** What an event says beyond its type: the vendor's words, a reason. A request carries the proposal, which is shown above. */
function wordsOf(type: string, detail: string): string {
  if (type === "requested") return "";
  const parsed: unknown = JSON.parse(detail);
  if (typeof parsed !== "object" || parsed === null) return "";
  for (const name of ["message", "reason", "why", "receipt"] as const) {
    const value = (parsed as Record<string, unknown>)[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}
