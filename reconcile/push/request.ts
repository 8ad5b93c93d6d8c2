/** Asking for a push and deciding on it. Four eyes are enforced here, on the server, whatever a page or a client shows. */
import type { PersonRole } from "#core/config";
import { ForbiddenError, RequestError } from "#core/errors";
import { stableId } from "#core/ids";
import { durationMs, msOf } from "#core/time";
import { appendEvent, type HeadAnchor, type PushEventInput } from "./ledger.ts";
import { pushPreview } from "./preview.ts";
import type { Proposal } from "./proposal.ts";
import type { PushDeps } from "./propose.ts";
import { FINAL, type Push, pushList, pushShow } from "./state.ts";

/** Who acts, with the roles they hold now. */
export interface Actor {
  name: string;
  roles: readonly PersonRole[];
}

export interface DecideDeps extends PushDeps {
  anchor?: HeadAnchor;
}

const MAY_REQUEST: readonly PersonRole[] = ["finance", "pmo", "integration", "approver", "admin"];
const MAY_APPROVE: readonly PersonRole[] = ["approver", "admin"];

export function mayRequest(actor: Actor): boolean {
  return actor.roles.some((r) => MAY_REQUEST.includes(r));
}
export function mayApprove(actor: Actor): boolean {
  return actor.roles.some((r) => MAY_APPROVE.includes(r));
}

/**
 * Ask for the push of an exception. The same request twice is one push; a push that ended may be asked for again.
 * Throws ForbiddenError, or RequestError when the preview's guards do not hold.
 */
export async function pushRequest(deps: DecideDeps, actor: Actor, exceptionId: string): Promise<Push> {
  if (!mayRequest(actor))
    throw new ForbiddenError("push.request-forbidden", `${actor.name} may not request pushes`, {
      userMessage: "Your role may look at pushes but not request them. Ask Finance or the PMO.",
    });
  const underWay = (await pushList(deps.store, { exceptionId })).find((p) => !FINAL.has(p.status));
  if (underWay) return underWay;
  const preview = await pushPreview(deps, exceptionId);
  if (preview.kind === "declined")
    throw new RequestError("push.declined", preview.reason, { userMessage: preview.reason });
  if (!preview.allowed) {
    const failed = preview.guards.filter((g) => !g.ok).map((g) => `${g.name}: ${g.message}`);
    throw new RequestError("push.guarded", failed.join(" "), {
      userMessage: `This push cannot be requested now. ${failed.join(" ")}`,
    });
  }
  return recordRequest(deps, actor, preview.proposal);
}

/** Write the request of a proposal that has been previewed. */
export async function recordRequest(deps: DecideDeps, actor: Actor, proposal: Proposal): Promise<Push> {
  const earlier = await pushList(deps.store, { exceptionId: proposal.exceptionId });
  const id = pushId(proposal, earlier.filter((p) => FINAL.has(p.status)).length);
  if (!earlier.some((p) => p.id === id))
    await appendEvent(
      deps.store,
      deps.clock,
      eventOf(id, proposal, "requested", actor.name, proposal),
      deps.anchor,
    );
  return pushShow(deps.store, id);
}

/** A push's identity: the exception, the target and the changes, and which attempt at them it is. It is also its idempotency key. */
export function pushId(proposal: Proposal, attempt: number): string {
  return stableId(
    "push",
    proposal.exceptionId,
    proposal.targetSource,
    JSON.stringify(proposal.target),
    proposal.action,
    JSON.stringify(proposal.changes),
    proposal.undoOf,
    String(attempt),
  );
}

export function eventOf(
  id: string,
  proposal: Proposal,
  type: PushEventInput["type"],
  actor: string,
  detail: unknown,
  nativeId = proposal.target.nativeId ?? "",
): PushEventInput {
  return {
    push_id: id,
    type,
    actor,
    exception_id: proposal.exceptionId,
    rule: proposal.rule,
    target_source: proposal.targetSource,
    target_entity: proposal.target.entity,
    target_native_id: nativeId,
    undo_of: proposal.undoOf,
    detail,
  };
}

/** Approve a requested push. Approving what is approved already changes nothing. Throws ForbiddenError or RequestError. */
export async function pushApprove(deps: DecideDeps, actor: Actor, id: string): Promise<Push> {
  const push = await pushShow(deps.store, id);
  if (!mayApprove(actor))
    throw new ForbiddenError("push.approve-forbidden", `${actor.name} may not approve pushes`, {
      userMessage: "Only an approver may approve a push.",
    });
  if (actor.name === push.requestedBy)
    throw new ForbiddenError("push.four-eyes", `${actor.name} requested push ${id}`, {
      userMessage: "You requested this push, so somebody else must approve it.",
    });
  if (push.status === "approved") return push;
  if (push.status !== "requested") throw decided(push);
  const age = deps.clock.now() - msOf(push.requestedAt);
  if (age > durationMs(deps.config.pushes.expireAfter)) {
    await appendEvent(
      deps.store,
      deps.clock,
      eventOf(id, push.proposal, "withdrawn", "plumbline", {
        reason: `Not approved within ${deps.config.pushes.expireAfter}`,
      }),
      deps.anchor,
    );
    throw new RequestError("push.lapsed", `Push ${id} lapsed`, {
      userMessage: `This request is older than ${deps.config.pushes.expireAfter} and has lapsed. Preview it again and request it anew.`,
    });
  }
  await appendEvent(
    deps.store,
    deps.clock,
    eventOf(id, push.proposal, "approved", actor.name, {}),
    deps.anchor,
  );
  return pushShow(deps.store, id);
}

/** Refuse a requested push (an approver), or withdraw one's own. */
export async function pushRefuse(deps: DecideDeps, actor: Actor, id: string, reason: string): Promise<Push> {
  const push = await pushShow(deps.store, id);
  const own = actor.name === push.requestedBy;
  if (!own && !mayApprove(actor))
    throw new ForbiddenError("push.refuse-forbidden", `${actor.name} may not refuse pushes`, {
      userMessage: "Only an approver, or the person who requested it, may turn a push down.",
    });
  if (push.status !== "requested") throw decided(push);
  const type = own ? "withdrawn" : "refused";
  await appendEvent(
    deps.store,
    deps.clock,
    eventOf(id, push.proposal, type, actor.name, { reason }),
    deps.anchor,
  );
  return pushShow(deps.store, id);
}

function decided(push: Push): RequestError {
  return new RequestError("push.decided", `Push ${push.id} is ${push.status}`, {
    userMessage: "This push has been decided already; nothing was changed.",
  });
}
