/**
 * What a batch of versions does to the canonical state, whatever order they arrive in. The newest version of a vendor's record says
 * which canonical records there are; those that only older versions had are gone, and so are all of them once it is deleted. A newest
 * version that cannot be understood leaves the state at the newest one that can.
 */
import type { Entity } from "#core/entities";
import { type Instant, msOf } from "#core/time";
import type { MappedChange, MappedRecord, RejectReason, Stream } from "./connector.ts";
import { type Translation, translate, type Version } from "./translate.ts";

/** One canonical record as it is to be stored; its agreed key and references are not settled yet. */
export interface StateRow {
  record: MappedRecord;
  /** The change time in milliseconds: the newest wins. */
  version: number;
  changedAt: Instant;
  deleted: boolean;
  rawId: string;
}

export interface Reject {
  version: Version;
  reason: RejectReason;
  detail: string;
  /** False when a newer version of the record was understood. */
  open: boolean;
}

export interface Settled {
  rows: StateRow[];
  changes: { change: MappedChange; version: Version }[];
  rejects: Reject[];
  /** Vendor records whose newest version was understood: an open reject of theirs is closed. */
  understood: Set<string>;
  mapped: number;
  rejected: number;
  deleted: number;
}

/**
 * @param fresh versions to be brought in
 * @param stored the newest versions the raw log already has of the same records
 */
export function settle(stream: Stream, fresh: readonly Version[], stored: readonly Version[]): Settled {
  const out: Settled = {
    rows: [],
    changes: [],
    rejects: [],
    understood: new Set(),
    mapped: 0,
    rejected: 0,
    deleted: 0,
  };
  const before = groupBy(stored, (v) => v.nativeId);
  for (const [nativeId, versions] of groupBy(fresh, (v) => v.nativeId))
    settleOne(stream, versions, before.get(nativeId) ?? [], out);
  return out;
}

interface Known {
  version: Version;
  ms: number;
  fresh: boolean;
  translation: Translation;
}

function settleOne(
  stream: Stream,
  fresh: readonly Version[],
  stored: readonly Version[],
  out: Settled,
): void {
  const freshIds = new Set(fresh.map((v) => v.rawId));
  const know = (version: Version, isFresh: boolean): Known => ({
    version,
    ms: msOf(version.changedAt),
    fresh: isFresh,
    translation: translate(stream, version),
  });
  // Stored ones first: of two versions with the same change time, the one that arrived later counts.
  const history = [
    ...stored.filter((v) => !freshIds.has(v.rawId)).map((v) => know(v, false)),
    ...fresh.map((v) => know(v, true)),
  ].sort((a, b) => a.ms - b.ms);
  const newest = history.at(-1);
  if (!newest) return;

  const gone = newest.version.deleted;
  const state = gone ? newest : history.findLast((k) => k.translation.ok);
  const remaining = new Set(
    gone || !state?.translation.ok ? [] : state.translation.records.map((r) => idOf(r.entity, r.nativeId)),
  );
  const ended = new Map<string, StateRow>();
  for (const known of history) {
    const { version, ms, translation } = known;
    if (known.fresh) count(known, newest, out);
    if (!translation.ok) continue;
    if (known.fresh) for (const change of translation.changes ?? []) out.changes.push({ change, version });
    for (const record of translation.records) {
      const row: StateRow = {
        record,
        version: ms,
        changedAt: version.changedAt,
        deleted: version.deleted || record.deleted === true,
        rawId: version.rawId,
      };
      if (remaining.has(idOf(record.entity, record.nativeId))) {
        if (known.fresh) out.rows.push(row);
      } else if (known.fresh || newest.fresh || state?.fresh) {
        const end = state ?? newest;
        const id = idOf(record.entity, record.nativeId);
        // A deletion often says little more than the id: what the record was is told by its last living version.
        if (version.deleted && ended.has(id)) continue;
        ended.set(id, {
          record,
          version: end.ms,
          changedAt: end.version.changedAt,
          deleted: true,
          rawId: end.version.rawId,
        });
      }
    }
  }
  out.rows.push(...ended.values());
  if (gone || newest.translation.ok) out.understood.add(newest.version.nativeId);
}

function count({ version, translation }: Known, newest: Known, out: Settled): void {
  if (version.deleted) out.deleted++;
  if (translation.ok || version.deleted) {
    out.mapped++;
    return;
  }
  out.rejected++;
  const { reason, detail } = translation;
  out.rejects.push({ version, reason, detail, open: version === newest.version });
}

const idOf = (entity: Entity, nativeId: string) => `${entity}\u0000${nativeId}`;

/** In the order of their first appearance. */
export function groupBy<T, K>(items: Iterable<T>, by: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = by(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
