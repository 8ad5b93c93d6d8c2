/**
 * Proof. "Written" is not done: the target is ingested again, the rule runs again, and only when the target holds the value and
 * the exception is gone from a conclusive run is the push verified.
 */
import type { Entity } from "#core/entities";
import { durationMs, msOf } from "#core/time";
import { exceptionDetail } from "#sql/queries/exceptions";
import { writerOf } from "./execute.ts";
import { appendEvent } from "./ledger.ts";
import { holds } from "./preview.ts";
import { type DecideDeps, eventOf } from "./request.ts";
import { type Push, pushShow } from "./state.ts";

export interface VerifyDeps extends DecideDeps {
  /** Read the target's streams for these entities again, now. */
  refresh(sourceId: string, entities: readonly Entity[]): Promise<void>;
  /** Run these rules again. */
  reconcile(rules: readonly string[]): Promise<void>;
}

export type Proof = { verified: true; push: Push } | { verified: false; push: Push; why: string };

/** How long a push may stay without proof before it is called unconfirmed. */
const UNCONFIRMED_AFTER = "1h";

/** Try to prove a push that was applied or found right. Safe to call again until it succeeds. */
export async function pushVerify(deps: VerifyDeps, id: string): Promise<Proof> {
  const push = await pushShow(deps.store, id);
  if (push.status === "verified") return { verified: true, push };
  if (push.status !== "applied" && push.status !== "already_right" && push.status !== "unconfirmed")
    return { verified: false, push, why: "It has not been written." };
  const { writer } = writerOf(deps, push);
  const fields = push.proposal.changes.map((c) => c.field);
  const snapshot = await writer.read(
    { ...push.proposal.target, nativeId: push.targetNativeId || push.proposal.target.nativeId },
    fields,
    push.proposal.refs,
  );
  if (!holds(push.proposal, snapshot, "to"))
    return unproven(deps, push, "The target was read back and does not hold the new value.");
  await deps.refresh(push.proposal.targetSource, [push.proposal.target.entity]);
  await deps.reconcile([push.rule]);
  // An undo brings the difference back on purpose, so its proof is the value alone.
  if (push.undoOf === "") {
    const exception = (await deps.store.query(exceptionDetail, { id: push.exceptionId }))[0];
    if (exception && exception.status !== "resolved")
      return unproven(deps, push, "The value is there; the rule has not passed in a conclusive run yet.");
  }
  await appendEvent(
    deps.store,
    deps.clock,
    eventOf(
      push.id,
      push.proposal,
      "verified",
      "plumbline",
      { values: snapshot.values },
      push.targetNativeId,
    ),
    deps.anchor,
  );
  return { verified: true, push: await pushShow(deps.store, id) };
}

async function unproven(deps: VerifyDeps, push: Push, why: string): Promise<Proof> {
  const since = push.appliedAt ? deps.clock.now() - msOf(push.appliedAt) : 0;
  if (push.status !== "unconfirmed" && since > durationMs(UNCONFIRMED_AFTER))
    await appendEvent(
      deps.store,
      deps.clock,
      eventOf(push.id, push.proposal, "unconfirmed", "plumbline", { why }, push.targetNativeId),
      deps.anchor,
    );
  return { verified: false, push: await pushShow(deps.store, push.id), why };
}
