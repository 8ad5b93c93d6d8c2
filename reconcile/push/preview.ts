/**
 * What a push would do, from a fresh read of the target: field, current, becomes, inverse, and the guards that must hold. It
 * writes nothing. Values come from the system that is right, never from a person.
 */
import type { PlumblineConfig } from "#core/config";
import { sameValue } from "#core/decimal";
import { RequestError } from "#core/errors";
import type { Clock } from "#core/time";
import type { Snapshot, Values } from "#ingest/connector";
import type { OpenSource } from "#ingest/registry";
import { type ExceptionDetail, exceptionDetail } from "#sql/queries/exceptions";
import { nativeIds, projectRecord, timeEntryRecord } from "#sql/queries/pushes";
import type { Store } from "#sql/store";
import { Evidence } from "../evidence.ts";
import type { Proposal, Remedy, RemedyFacts, RemedyRule } from "./proposal.ts";
import { remedyFor } from "./remedies/index.ts";
import { FINAL, pushList } from "./state.ts";

export interface PushDeps {
  store: Store;
  clock: Clock;
  config: PlumblineConfig;
  sources: readonly OpenSource[];
}

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

/** The remedy's proposal for an exception, with the target system and its ids filled in; or why there is none. */
export async function propose(
  deps: PushDeps,
  exception: ExceptionDetail,
): Promise<
  | { kind: "ready"; proposal: Proposal; target: OpenSource; missing: string[] }
  | { kind: "declined"; reason: string }
> {
  const remedy = remedyFor(exception.rule, exception.comparison);
  if (!remedy)
    return {
      kind: "declined",
      reason:
        "This kind of difference is put right by a person in the system itself; Plumbline has no safe push for it.",
    };
  const target = deps.sources.find((s) => s.config.role === remedy.targetRole);
  if (!target)
    return { kind: "declined", reason: `No source with the role ${remedy.targetRole} is configured.` };
  const facts = await factsOf(deps.store, exception, remedy);
  const answer: Remedy = remedy.propose(facts);
  if (answer.kind === "decline") return { kind: "declined", reason: answer.reason };
  const refs: Record<string, string> = {};
  const missing: string[] = [];
  for (const need of answer.needs) {
    const rows = await deps.store.query(nativeIds, {
      entity: need.entity,
      role: remedy.targetRole,
      keys: [need.key],
    });
    if (rows.length === 1 && rows[0]) refs[need.key] = rows[0].native_id;
    else
      missing.push(
        rows.length === 0
          ? `${need.entity} ${need.key} is not there`
          : `${need.entity} ${need.key} is there ${rows.length} times`,
      );
  }
  return {
    kind: "ready",
    target,
    missing,
    proposal: {
      exceptionId: exception.id,
      rule: exception.rule,
      comparison: exception.comparison,
      targetRole: remedy.targetRole,
      targetSource: target.config.id,
      target: answer.target,
      action: answer.action,
      changes: [...answer.changes],
      refs,
      because: answer.because,
      tier: answer.tier,
      undoOf: "",
    },
  };
}

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
      message: `The exception is ${exception.status}.`,
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

/** Does the target hold what the proposal starts from (`from`) or ends at (`to`)? */
export function holds(proposal: Proposal, snapshot: Snapshot, side: "from" | "to"): boolean {
  if (proposal.action === "create") return snapshot.exists === (side === "to");
  if (proposal.action === "delete") return snapshot.exists === (side === "from");
  return (
    snapshot.exists && proposal.changes.every((c) => sameValue(snapshot.values[c.field] ?? null, c[side]))
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

async function factsOf(store: Store, exception: ExceptionDetail, remedy: RemedyRule): Promise<RemedyFacts> {
  const evidence = Evidence.parse(JSON.parse(exception.evidence));
  const params = { role: remedy.sourceOfRecord.role, key: exception.key };
  const found =
    remedy.sourceOfRecord.entity === "time_entry"
      ? await store.query(timeEntryRecord, params)
      : remedy.sourceOfRecord.entity === "project"
        ? await store.query(projectRecord, params)
        : [];
  const valuesOf = (side: "left" | "right") =>
    Object.fromEntries(
      evidence.fields
        .map((f) => [f.name, f[side]])
        .filter((e): e is [string, string] => typeof e[1] === "string"),
    );
  return {
    key: exception.key,
    comparison: exception.comparison,
    targetNativeId: evidence.right.nativeIds[0] ?? null,
    right: valuesOf("left"),
    wrong: valuesOf("right"),
    record: found.length === 1 && found[0] ? found[0] : null,
  };
}
