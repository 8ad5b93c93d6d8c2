/** Undo is the stored inverse, itself a push: previewed, requested, approved by somebody else, compare-and-set, proven. */
import { ForbiddenError, RequestError } from "#core/errors";
import { writerOf } from "./execute.ts";
import { type Preview, previewProposal } from "./preview.ts";
import type { Proposal } from "./proposal.ts";
import { type Actor, type DecideDeps, mayRequest, recordRequest } from "./request.ts";
import { type Push, pushList, pushShow } from "./state.ts";

/** The inverse of a push that took effect. Throws RequestError when there is nothing to take back. */
export function inverseOf(push: Push): Proposal {
  if (!["applied", "verified", "unconfirmed"].includes(push.status) || push.appliedAt === null)
    throw new RequestError("push.nothing-to-undo", `Push ${push.id} is ${push.status}`, {
      userMessage: "Only a push that wrote something can be undone.",
    });
  if (push.undoOf !== "")
    throw new RequestError("push.undo-of-undo", `Push ${push.id} is an undo`, {
      userMessage: "This push is an undo itself; request the original correction again instead.",
    });
  const p = push.proposal;
  return {
    ...p,
    target: { ...p.target, nativeId: push.targetNativeId || p.target.nativeId },
    action: p.action === "create" ? "delete" : p.action,
    changes: p.changes.map((c) => ({ field: c.field, from: c.to, to: c.from })),
    because: `Takes back: ${p.because}`,
    undoOf: push.id,
  };
}

export async function undoPreview(deps: DecideDeps, id: string): Promise<Preview> {
  const push = await pushShow(deps.store, id);
  const proposal = inverseOf(push);
  const { target, writer } = writerOf(deps, push);
  const can = writer.can[proposal.target.entity]?.includes(proposal.action) ?? false;
  if (!can)
    return {
      kind: "declined",
      reason: `${target.config.name ?? target.config.id} does not let Plumbline ${proposal.action} this record. Have it reversed there by Finance (a credit or a reversing entry).`,
    };
  return previewProposal(deps, target, proposal, []);
}

/** Request the undo of a push. */
export async function pushUndo(deps: DecideDeps, actor: Actor, id: string): Promise<Push> {
  if (!mayRequest(actor))
    throw new ForbiddenError("push.request-forbidden", `${actor.name} may not request pushes`, {
      userMessage: "Your role may look at pushes but not request them.",
    });
  const preview = await undoPreview(deps, id);
  if (preview.kind === "declined")
    throw new RequestError("push.declined", preview.reason, { userMessage: preview.reason });
  const again = (await pushList(deps.store, { exceptionId: preview.proposal.exceptionId })).find(
    (p) => p.undoOf === id && !["refused", "withdrawn", "conflict", "rejected"].includes(p.status),
  );
  if (again) return again;
  if (!preview.allowed) {
    const failed = preview.guards.filter((g) => !g.ok).map((g) => `${g.name}: ${g.message}`);
    throw new RequestError("push.guarded", failed.join(" "), {
      userMessage: `This push cannot be undone now. ${failed.join(" ")}`,
    });
  }
  return recordRequest(deps, actor, preview.proposal);
}
