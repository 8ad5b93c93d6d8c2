/** What is probably the same as the records of an exception whose key finds no partner, with what a person would do about it. */
import type { Entity } from "#core/entities";
import type { Role } from "#core/roles";
import type { OpenSource } from "#ingest/registry";
import { type Known, type LinkStep, suggest } from "#reconcile/suggest";
import type { ExceptionDetail } from "#sql/queries/exceptions";
import { keyNames } from "#sql/queries/timeline";
import type { Store } from "#sql/store";
import { sayDate } from "../format.ts";
import { entityWords } from "../words.ts";
import { systemNames } from "./freshness.server.ts";
import { evidenceOf, systemOf } from "./what-is-wrong.server.ts";

/** Failures that are over have nothing to be linked. */
const OVER = new Set(["resolved", "cleared"]);

/** Null where the exception is not about records without a partner, and where nothing like them is found. */
export async function suggestedFor(
  { store, sources }: { store: Store; sources: readonly OpenSource[] },
  row: Pick<ExceptionDetail, "comparison" | "kind" | "key" | "status" | "evidence">,
) {
  if (OVER.has(row.status)) return null;
  const found = await suggest(store, { ...row, affected: evidenceOf(row.evidence)?.detail?.keys });
  if (!found || found.records.length === 0) return null;
  const records = found.records.flatMap((r) => [r.record, ...r.suggestions.map((s) => s.record)]);
  const keys = [...new Set(records.flatMap((r) => r.about).filter((key) => key !== ""))];
  const names = new Map(
    keys.length === 0 ? [] : (await store.query(keyNames, { keys })).map((r) => [r.key, r.name]),
  );
  const systems = systemNames(sources);
  const system = (role: Role) => systemOf(role, systems);
  const shown = (record: Known) => ({
    system: system(record.role),
    entity: record.entity,
    what: entityWords(record.entity),
    nativeId: record.nativeId,
    key: record.key.startsWith("unlinked:") ? "" : record.key,
    called: calledWith(names)(record),
    url: sourceOf(sources, record.sourceId)?.recordUrl(record.entity, record.nativeId) ?? null,
  });
  return {
    from: system(found.from),
    to: system(found.to),
    lookedAt: found.lookedAt,
    of: found.of,
    records: found.records.map(({ record, suggestions }) => ({
      ...shown(record),
      suggestions: suggestions.map((s) => ({
        ...shown(s.record),
        reason: s.reason,
        isUnique: s.isUnique,
        isTaken: s.step.kind === "settle",
        todo: sayStep(s.step, record, s.record, { sources, system, called: calledWith(names) }),
      })),
    })),
  };
}
export type SuggestedPage = NonNullable<Awaited<ReturnType<typeof suggestedFor>>>;

interface Names {
  sources: readonly OpenSource[];
  system: (role: Role) => string;
  called: (record: Known) => string;
}

/** What is called by its day reads as people write days, and says whose it is. */
const calledWith = (names: ReadonlyMap<string, string>) => (record: Known) =>
  record.about.length === 0
    ? record.called
    : [
        record.called.replace(/\d{4}-\d{2}-\d{2}/g, sayDate),
        ...record.about.flatMap((key) => names.get(key) ?? []),
      ].join(", ");

/** What to do when the two are the same, as one or two sentences. */
export function sayStep(
  step: LinkStep,
  ours: Known,
  theirs: Known,
  { sources, system, called }: Names,
): string {
  const field = (record: Known, of?: Entity) => {
    const name = of ? (`${record.entity}>${of}` as const) : record.entity;
    return sourceOf(sources, record.sourceId)?.keyFields?.[name] ?? "the field that holds the shared id";
  };
  const one = (record: Known) => `${entityWords(record.entity)} “${called(record) || record.nativeId}”`;
  switch (step.kind) {
    case "write":
      return `In ${system(step.into.role)}, put ${step.key} into ${field(step.into)} of the ${one(step.into)}${step.replaces === "" ? "" : `, which holds ${step.replaces} now`}.`;
    case "name":
      return `In ${system(step.into.role)}, name the ${one(step.named)} (${step.named.key}) on the ${one(step.into)}: ${field(step.into, step.named.entity)}.`;
    case "both":
      return `Neither carries a shared id. Put the same one into ${field(ours)} in ${system(ours.role)} and into ${field(theirs)} in ${system(theirs.role)}.`;
    case "settle":
      return `It belongs to ${step.partner.called} (${step.partner.nativeId}) already, so ${system(ours.role)} may hold the same ${entityWords(ours.entity)} twice. Decide which of those two stays before you link or create anything.`;
  }
}

function sourceOf(sources: readonly OpenSource[], id: string) {
  return sources.find((s) => s.config.id === id)?.source;
}
