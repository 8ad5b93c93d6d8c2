/**
 * The changes of a record as Plumbline saw them, for systems that keep no history of their own: each stored version against the one
 * before it. Who did it is unknown, and when lies somewhere between the two readings.
 */
import type { Entity } from "#core/entities";
import type { Instant } from "#core/time";
import { rawVersions } from "#sql/queries/ingest";
import type { Store } from "#sql/store";
import type { MappedRecord, Stream } from "./connector.ts";
import { storedVersion } from "./land.ts";
import { translate } from "./translate.ts";

export interface ObservedChange {
  observed: true;
  entity: Entity;
  nativeId: string;
  /** Canonical field name; `(record)` when the record itself appeared or went. */
  field: string;
  oldValue: string;
  newValue: string;
  /** It was still the old value at this change time of the record … */
  after: Instant;
  /** … and the new value at this one. */
  until: Instant;
}

/** More versions of one record than anyone looks at. */
const MOST_VERSIONS = 1_000;

/** What changed between the stored versions of one vendor record, oldest first. Versions that cannot be understood are passed over. */
export async function observedChanges(
  store: Store,
  sourceId: string,
  stream: Stream,
  nativeId: string,
): Promise<ObservedChange[]> {
  const params = { source_id: sourceId, stream: stream.name, native_ids: [nativeId], newest: MOST_VERSIONS };
  const rows = (await store.query(rawVersions, params)).reverse();
  const changes: ObservedChange[] = [];
  let before: { records: ReadonlyMap<string, MappedRecord>; at: Instant } | null = null;
  for (const version of rows.map(storedVersion)) {
    const translation = translate(stream, version);
    if (!translation.ok && !version.deleted) continue;
    const live =
      !translation.ok || version.deleted ? [] : translation.records.filter((r) => r.deleted !== true);
    const records = new Map(live.map((r) => [`${r.entity} ${r.nativeId}`, r]));
    if (before) changes.push(...differences(before, { records, at: version.changedAt }));
    before = { records, at: version.changedAt };
  }
  return changes;
}

interface Seen {
  records: ReadonlyMap<string, MappedRecord>;
  at: Instant;
}

function differences(before: Seen, now: Seen): ObservedChange[] {
  const changes: ObservedChange[] = [];
  for (const id of new Set([...before.records.keys(), ...now.records.keys()])) {
    const [a, b] = [before.records.get(id), now.records.get(id)];
    const record = b ?? a;
    if (!record) continue;
    const { entity, nativeId } = record;
    const note = (field: string, oldValue: string, newValue: string) =>
      changes.push({
        observed: true,
        entity,
        nativeId,
        field,
        oldValue,
        newValue,
        after: before.at,
        until: now.at,
      });
    if (!a || !b) {
      note("(record)", a ? "there" : "not there", b ? "there" : "not there");
      continue;
    }
    if (a.key !== b.key) note("key", a.key ?? "", b.key ?? "");
    const [was, is] = [a.data as Record<string, unknown>, b.data as Record<string, unknown>];
    for (const field of Object.keys(is))
      if (say(was[field]) !== say(is[field])) note(field, say(was[field]), say(is[field]));
  }
  return changes;
}

const say = (value: unknown) => (value === null || value === undefined ? "" : String(value));
