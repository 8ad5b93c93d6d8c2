/**
 * What a push would do, from a fresh read of the target: field, current, becomes, inverse, and the guards that must hold. It
 * writes nothing. Values come from the system that is right, never from a person.
 */
import { sameValue } from "#core/decimal";
import { RequestError } from "#core/errors";
import type { Snapshot, Values } from "#ingest/connector";
import type { OpenSource } from "#ingest/registry";
import { exceptionDetail } from "#sql/queries/exceptions";
import { contestedFields, sayContested } from "../gates/ping-pong.ts";
import type { Proposal } from "./proposal.ts";
import { type PushDeps, propose } from "./propose.ts";
import { setOrNull } from "./remedies/differing.ts";
import { FINAL, pushList } from "./state.ts";

export interface PreviewRow {
  field: string;
  /** As Plumbline last read it. */
  expected: string | null;
  /** As the target holds it now. */
  current: string | null;
  becomes: string | null;
  /** What an undo would write. */
  inverse: string | null;
}

export interface Guard {
  name: string;
  ok: boolean;
  message: string;
}

export type Preview =
  | {
      kind: "ready";
      proposal: Proposal;
      rows: PreviewRow[];
      guards: Guard[];
      allowed: boolean;
      targetName: string;
      alreadyRight: boolean;
    }
  | { kind: "declined"; reason: string };

/** Preview the push for an exception. Throws RequestError for an unknown exception; vendor trouble comes as a failed guard. */
export async function pushPreview(deps: PushDeps, exceptionId: string): Promise<Preview> {
  const exception = (await deps.store.query(exceptionDetail, { id: exceptionId }))[0];
  if (!exception)
    throw new RequestError("exception.unknown", `No exception ${exceptionId}`, {
      userMessage: `There is no exception with the id ${exceptionId}.`,
    });
  const proposed = await propose(deps, exception);
  if (proposed.kind === "declined") return proposed;
  const guards: Guard[] = [
    {
      name: "Still open",
      ok: ["open", "acknowledged", "snoozed"].includes(exception.status),
      message:
        exception.status === "shadow"
          ? "The rule of the exception runs in shadow."
          : `The exception is ${exception.status}.`,
    },
    {
      name: "Known to the target",
      ok: proposed.missing.length === 0,
      message:
        proposed.missing.length === 0
          ? "Everything it refers to exists there."
          : `Cannot refer to: ${proposed.missing.join("; ")}.`,
    },
  ];
  const inFlight = (await pushList(deps.store, { exceptionId })).filter((p) => !FINAL.has(p.status));
  guards.push({
    name: "No other push",
    ok: inFlight.length === 0,
    message:
      inFlight.length === 0
        ? "No other push for this exception is under way."
        : "Another push for this exception is under way.",
  });
  return previewProposal(deps, proposed.target, proposed.proposal, guards);
}

/** The fresh read and the guards of a proposal, whatever it came from (a remedy or an undo). */
export async function previewProposal(
  deps: PushDeps,
  target: OpenSource,
  proposal: Proposal,
  before: readonly Guard[],
): Promise<Preview> {
  const guards = [...before];
  const writer = target.source.writer;
  const name = target.config.name ?? target.config.id;
  guards.push({
    name: "Writable",
    ok: deps.config.pushes.enabled && !target.config.readOnly && writer !== null,
    message: !deps.config.pushes.enabled
      ? "Pushes are switched off in the configuration."
      : target.config.readOnly
        ? `${name} is read-only in the configuration.`
        : writer === null
          ? `Plumbline cannot write to ${name}.`
          : `${name} takes pushes.`,
  });
  const fields = proposal.changes.map((c) => c.field);
  guards.push(await contested(deps, proposal));
  let snapshot: Snapshot | null = null;
  if (writer) {
    try {
      snapshot = await writer.read(proposal.target, fields, proposal.refs);
    } catch (error) {
      guards.push({
        name: "Readable",
        ok: false,
        message: `${name} could not be read just now: ${error instanceof Error ? error.message : error}`,
      });
    }
  }
  if (snapshot) {
    guards.push({
      name: "Not locked",
      ok: snapshot.locked === null,
      message: snapshot.locked ?? "The period is open and the record is not posted.",
    });
    guards.push(unchanged(proposal, snapshot));
  }
  const current: Values = snapshot?.values ?? {};
  const rows = proposal.changes.map((c) => ({
    field: c.field,
    expected: c.from,
    current: snapshot?.exists ? (current[c.field] ?? null) : null,
    becomes: c.to,
    inverse: proposal.action === "create" ? null : c.from,
  }));
  return {
    kind: "ready",
    proposal,
    rows,
    guards,
    allowed: guards.every((g) => g.ok),
    targetName: name,
    alreadyRight: snapshot !== null && holds(proposal, snapshot, "to"),
  };
}

/** A field that two writers keep setting back and forth is not written: the push would only be one more turn (SYS-05). */
export async function contested(deps: PushDeps, proposal: Proposal): Promise<Guard> {
  const fields = new Set(proposal.changes.map((c) => c.field.replace(/_key$/, "_ref")));
  const found = (await contestedFields(deps.store, deps.config, deps.clock.now())).find(
    (f) =>
      f.sourceId === proposal.targetSource &&
      f.entity === proposal.target.entity &&
      f.nativeId === proposal.target.nativeId &&
      fields.has(f.field),
  );
  return {
    name: "Not contested",
    ok: found === undefined,
    message: found
      ? `${sayContested(found)}. Stop one of them, then push a day after the last change.`
      : "Nobody sets it back and forth.",
  };
}

/** Does the target hold what the proposal starts from (`from`) or ends at (`to`)? */
export function holds(proposal: Proposal, snapshot: Snapshot, side: "from" | "to"): boolean {
  if (proposal.action === "create") return snapshot.exists === (side === "to");
  if (proposal.action === "delete") return snapshot.exists === (side === "from");
  return (
    snapshot.exists &&
    proposal.changes.every((c) => sameValue(setOrNull(snapshot.values[c.field] ?? null), setOrNull(c[side])))
  );
}

function unchanged(proposal: Proposal, snapshot: Snapshot): Guard {
  const name = "Unchanged since detection";
  if (holds(proposal, snapshot, "to"))
    return {
      name,
      ok: true,
      message: "The target holds the right value already; the push will only be proven.",
    };
  if (holds(proposal, snapshot, "from"))
    return {
      name,
      ok: true,
      message:
        proposal.action === "create"
          ? "The target still has no such record."
          : "The target still holds the value that was found.",
    };
  return {
    name,
    ok: false,
    message: "The target has moved since this was found. Read it again and reconcile before pushing.",
  };
}
