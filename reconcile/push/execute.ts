/**
 * Carrying out an approved push. The order is what makes it safe: `started` is on disk before the vendor is called, the vendor
 * writes only if the value is still the one that was approved (compare-and-set), and an outcome that cannot be told is never
 * answered by trying again blindly: a create looks for its record first. The only caller of Writer.write.
 */
import { AppError, InvariantError, RequestError, sayError } from "#core/errors";
import type { Change, WriteOutcome, Writer } from "#ingest/connector";
import type { OpenSource } from "#ingest/registry";
import { appendEvent, type PushEventInput } from "./ledger.ts";
import { contested, holds } from "./preview.ts";
import { type DecideDeps, eventOf } from "./request.ts";
import { type Push, pushShow } from "./state.ts";

/**
 * Execute one approved push, or bring one that was cut off (`started`, `unknown`) to an outcome. A push in any other state is
 * returned as it is, so that calling this twice does nothing twice.
 */
export async function pushExecute(deps: DecideDeps, id: string): Promise<Push> {
  const push = await pushShow(deps.store, id);
  if (push.status === "approved") return start(deps, push);
  if (push.status === "started" || push.status === "unknown") return recover(deps, push);
  return push;
}

async function start(deps: DecideDeps, push: Push): Promise<Push> {
  const { writer, target } = writerOf(deps, push);
  if (!deps.config.pushes.enabled || target.config.readOnly)
    return record(deps, push, "rejected", {
      code: "plumbline.switched-off",
      message: "Pushes to this system were switched off after the approval.",
    });
  // Looked at once more after the approval: hours may have passed since the preview.
  let snapshot: Awaited<ReturnType<Writer["read"]>>;
  try {
    snapshot = await readTarget(writer, push);
  } catch (error) {
    throw new RequestError("push.target-unreadable", `Cannot read the target of push ${push.id}`, {
      cause: error,
      userMessage: `The target could not be read, so nothing was written; the push stays approved and can be carried out later. ${sayError(error)}`,
    });
  }
  if (holds(push.proposal, snapshot, "to"))
    return record(
      deps,
      push,
      "already_right",
      { message: "The target held the right value before the push." },
      snapshot.nativeId,
    );
  if (snapshot.locked !== null)
    return record(deps, push, "rejected", { code: "plumbline.locked", message: snapshot.locked });
  const guard = await contested(deps, push.proposal);
  if (!guard.ok)
    return record(deps, push, "rejected", { code: "plumbline.contested", message: guard.message });
  if (!holds(push.proposal, snapshot, "from"))
    return record(deps, push, "conflict", {
      message: "The value moved after the approval.",
      actual: snapshot.values,
    });
  await appendEvent(
    deps.store,
    deps.clock,
    eventOf(push.id, push.proposal, "started", "plumbline", {}),
    deps.anchor,
  );
  return settle(deps, push, await call(writer, push, snapshot.token));
}

/** A push that was started and has no outcome: the process died, or the answer never came. */
async function recover(deps: DecideDeps, push: Push): Promise<Push> {
  const { writer } = writerOf(deps, push);
  const snapshot = await readTarget(writer, push);
  if (holds(push.proposal, snapshot, "to"))
    return record(
      deps,
      push,
      "applied",
      { message: "Found in the target after the answer was lost.", receipt: "read back" },
      snapshot.nativeId,
    );
  if (push.proposal.action === "update" && holds(push.proposal, snapshot, "from"))
    // Safe to do again: the vendor compares before it sets.
    return settle(deps, push, await call(writer, push, snapshot.token));
  const message =
    push.proposal.action === "update"
      ? "The target holds neither the old value nor the new one. A person must look at the record."
      : "The record is not in the target. It may still be on its way, so it is not created again by itself; look again later, or have a person look.";
  return record(deps, push, "unknown", { message, actual: snapshot.values });
}

async function call(writer: Writer, push: Push, token: string | null): Promise<WriteOutcome> {
  const change: Change = {
    target: push.proposal.target,
    action: push.proposal.action,
    changes: push.proposal.changes,
    refs: push.proposal.refs,
    token,
    idempotencyKey: push.id,
  };
  try {
    return await writer.write(change);
  } catch (error) {
    // Never reached, or turned away at the door (too many requests, a row lock): nothing was written, so it can be asked for again.
    if (error instanceof AppError && (error.code === "push.turned-away" || error.context.reached === false))
      return { outcome: "rejected", code: error.code, message: error.userMessage };
    // Otherwise a connector says for itself what it knows happened; anything thrown means that it does not know.
    return { outcome: "unknown", message: sayError(error) };
  }
}

function settle(deps: DecideDeps, push: Push, outcome: WriteOutcome): Promise<Push> {
  const { outcome: type, ...detail } = outcome;
  return record(deps, push, type, detail, outcome.outcome === "applied" ? outcome.nativeId : null);
}

async function record(
  deps: DecideDeps,
  push: Push,
  type: PushEventInput["type"],
  detail: unknown,
  nativeId: string | null = null,
): Promise<Push> {
  await appendEvent(
    deps.store,
    deps.clock,
    eventOf(push.id, push.proposal, type, "plumbline", detail, nativeId ?? push.targetNativeId),
    deps.anchor,
  );
  return pushShow(deps.store, push.id);
}

function readTarget(writer: Writer, push: Push) {
  return writer.read(
    push.proposal.target,
    push.proposal.changes.map((c) => c.field),
    push.proposal.refs,
  );
}

export function writerOf(deps: DecideDeps, push: Push): { writer: Writer; target: OpenSource } {
  const target = deps.sources.find((s) => s.config.id === push.proposal.targetSource);
  if (!target?.source.writer)
    throw new InvariantError("push.no-writer", `No writer for source ${push.proposal.targetSource}`, {
      userMessage: `The configuration no longer names the system "${push.proposal.targetSource}", so this push cannot go on.`,
    });
  return { writer: target.source.writer, target };
}
