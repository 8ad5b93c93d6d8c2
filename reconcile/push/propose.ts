/** From an exception to the proposal that would put it right: which system is right, which is corrected, and with what. */
import type { PlumblineConfig } from "#core/config";
import type { Entity } from "#core/entities";
import { ROLE_NAMES, type Role } from "#core/roles";
import { type Clock, instantOf } from "#core/time";
import { refName } from "#ingest/connector";
import type { OpenSource } from "#ingest/registry";
import type { ExceptionDetail } from "#sql/queries/exceptions";
import { nativeIds, projectRecord, timeEntryRecord } from "#sql/queries/pushes";
import type { Store } from "#sql/store";
import { Evidence } from "../evidence.ts";
import { recordRoleOf } from "../governance/system-of-record.ts";
import type { Fields, Proposal, RemedyRule } from "./proposal.ts";
import { canCorrect, REMEDIES, remedyFor } from "./remedies/index.ts";

export interface PushDeps {
  store: Store;
  clock: Clock;
  config: PlumblineConfig;
  sources: readonly OpenSource[];
}

/** The remedy's proposal for an exception, with the target system and its ids filled in; or why there is none. */
export async function propose(
  deps: PushDeps,
  exception: ExceptionDetail,
): Promise<
  | { kind: "ready"; proposal: Proposal; target: OpenSource; missing: string[] }
  | { kind: "declined"; reason: string }
> {
  const declined = (reason: string) => ({ kind: "declined" as const, reason });
  const evidence = Evidence.parse(JSON.parse(exception.evidence));
  const record = recordRoleOf(
    deps.config,
    exception.comparison,
    evidence.fields.filter((f) => f.differs).map((f) => f.name),
    { entity: exception.legal_entity, on: instantOf(deps.clock.now()).slice(0, 10) },
  );
  if (record === "mixed")
    return declined(
      "One system is right about some of these values and the other about the rest, so that no single push puts it right. A person must correct each in its system.",
    );
  const remedy = record && remedyFor(exception.rule, exception.comparison, record);
  if (!remedy) return declined(noRemedy(exception, record));
  const [right, wrong] = sidesOf(evidence, remedy);
  const { role, entity, action } = remedy.corrects;
  const named = wrong.of.sourceId;
  const target = deps.sources.find((s) =>
    named === "" ? s.config.role === role : s.config.id === named && s.config.role === role,
  );
  if (!target)
    return declined(
      named === ""
        ? `No source with the role ${ROLE_NAMES[role]} is configured.`
        : `The record is in "${named}", which the configuration no longer names as a source in the role ${ROLE_NAMES[role]}.`,
    );
  const answer = remedy.propose({
    right: right.values,
    wrong: wrong.values,
    record: await recordOf(deps.store, entity, remedy.record, exception.key),
    target: action === "create" ? null : await recordOf(deps.store, entity, role, exception.key),
  });
  if (answer.kind === "decline") return declined(answer.reason);
  const name = target.config.name ?? target.label;
  const nativeId = action === "create" ? null : (wrong.of.nativeIds[0] ?? null);
  if (action === "update" && nativeId === null) return declined(`There is no record in ${name} to correct.`);
  if (!canCorrect(target.source, remedy))
    return declined(
      `In ${name}, the ${nounOf(entity)} cannot be ${action === "create" ? "created" : "corrected"} by Plumbline. A person must do it there.`,
    );
  const { refs, missing } = await referredTo(deps.store, target, answer.needs);
  return {
    kind: "ready",
    target,
    missing,
    proposal: {
      exceptionId: exception.id,
      rule: exception.rule,
      comparison: exception.comparison,
      targetRole: role,
      targetSource: target.config.id,
      target: { entity, nativeId, key: exception.key },
      action,
      changes: [...answer.changes],
      refs,
      because: answer.because,
      tier: answer.tier,
      undoOf: "",
    },
  };
}

function noRemedy(exception: ExceptionDetail, record: Role | null): string {
  const isKnown = REMEDIES.some(
    (r) => r.rule === exception.rule && r.comparison === exception.comparison && r.record !== record,
  );
  return isKnown && record !== null
    ? `The ${ROLE_NAMES[record]} is the system of record here, and there is no safe push towards the other side for this difference. A person must put it right in the system itself.`
    : "This kind of difference is put right by a person in the system itself; Plumbline has no safe push for it.";
}

/** The side that is right and the side to correct: which record each has, and what it holds of the compared fields. */
function sidesOf(evidence: Evidence, remedy: RemedyRule) {
  const side = (which: "left" | "right") => ({
    of: evidence[which],
    values: Object.fromEntries(
      evidence.fields
        .map((f) => [f.name, f[which]])
        .filter((e): e is [string, string] => typeof e[1] === "string"),
    ),
  });
  return evidence.left.role === remedy.corrects.role
    ? ([side("right"), side("left")] as const)
    : ([side("left"), side("right")] as const);
}

/** The whole record a role holds under a key, where there is one and remedies look at it. */
async function recordOf(store: Store, entity: Entity, role: Role, key: string): Promise<Fields | null> {
  const params = { role, key };
  const found =
    entity === "time_entry"
      ? await store.query(timeEntryRecord, params)
      : entity === "project"
        ? await store.query(projectRecord, params)
        : [];
  return found.length === 1 && found[0] ? found[0] : null;
}

/** The target's own ids of what the changes point at, and what it does not have. */
async function referredTo(
  store: Store,
  target: OpenSource,
  needs: readonly { entity: Entity; key: string }[],
): Promise<{ refs: Record<string, string>; missing: string[] }> {
  const refs: Record<string, string> = {};
  const missing: string[] = [];
  for (const { entity, key } of needs) {
    const found = await store.query(nativeIds, { entity, role: target.config.role, keys: [key] });
    const [row, ...others] = found.filter((r) => r.source_id === target.config.id);
    if (row && others.length === 0) refs[refName(entity, key)] = row.native_id;
    else
      missing.push(`${nounOf(entity)} ${key} is ${row ? `there ${others.length + 1} times` : "not there"}`);
  }
  return { refs, missing };
}

/** What people call a record of an entity. */
const nounOf = (entity: Entity) => (entity === "time_entry" ? "time line" : entity.replaceAll("_", " "));
