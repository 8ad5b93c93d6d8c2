/**
 * Stores one batch of versions, in the order that makes a crash between any two writes harmless: the raw log and which keys are
 * touched first, then the canonical rows and the rest. The bookmark is stored by the caller, after all of it. A version whose sync never
 * came to its end is brought in again when it is read again; every write here may be repeated.
 */

import { InvariantError } from "#core/errors";
import { stableId } from "#core/ids";
import type { Role } from "#core/roles";
import { type Clock, type Instant, instantOf, msOf } from "#core/time";
import { rawVersions } from "#sql/queries/ingest";
import type { Store } from "#sql/store";
import {
  changeEventTable,
  entityTable,
  nativeKeyTable,
  rawRecordTable,
  rejectTable,
  SEEN_MARGIN_MS,
  touchedKeyTable,
} from "#sql/tables";
import { entitiesOf, type Stream } from "./connector.ts";
import { isBackAgain, isSameAsNewest, knownVersions } from "./known-versions.ts";
import type { Keyed, Links } from "./links.ts";
import { type PossiblyStored, parts } from "./lookup.ts";
import { type Reject, type Settled, settle } from "./settle.ts";
import { KEYLESS, type Version } from "./translate.ts";

export interface Landing {
  store: Store;
  clock: Clock;
  sourceId: string;
  role: Role;
  stream: Stream;
  syncId: string;
  links: Links;
  /** Native ids with an open reject; kept up to date here. */
  openRejects: Set<string>;
  possibly: PossiblyStored;
}

export interface Arrival {
  version: Version;
  /** What an earlier page of this sync promised to be complete up to; null when none did. */
  completeBefore: Instant | null;
}

export interface Landed {
  mapped: number;
  rejected: number;
  deleted: number;
  /** Already stored and brought in by an earlier sync or page. */
  unchanged: number;
}

/** Bring in what was read from the source. Throws InvariantError when a page breaks what an earlier one promised. */
export async function land(landing: Landing, arrivals: readonly Arrival[]): Promise<Landed> {
  const ids = landing.possibly.of(arrivals.map((a) => a.version.nativeId));
  const known = await knownVersions(landing, ids);
  const fresh = new Map<string, Version>();
  const toStore: Version[] = [];
  /** Records that this batch changes: what they read as before it says nothing about their later versions. */
  const moved = new Set<string>();
  let unchanged = 0;
  for (const { version: arrived, completeBefore } of arrivals) {
    const there = known.get(arrived.nativeId);
    const isBack = there !== undefined && !moved.has(arrived.nativeId) && isBackAgain(there, arrived);
    // Stored once more: what it reads as now came after what was stored since.
    const version = isBack ? { ...arrived, rawId: stableId(arrived.rawId, there.newestId) } : arrived;
    if (fresh.has(version.rawId)) {
      unchanged++;
      continue;
    }
    if (
      there?.done.has(version.rawId) ||
      (there && !moved.has(version.nativeId) && isSameAsNewest(there, version))
    ) {
      unchanged++;
      continue;
    }
    fresh.set(version.rawId, version);
    moved.add(version.nativeId);
    if (there?.stored.has(version.rawId)) continue;
    if (completeBefore !== null && !isKeyless(version) && msOf(version.changedAt) < msOf(completeBefore))
      throw new InvariantError(
        "ingest.order",
        `${landing.sourceId}/${landing.stream.name}: ${version.nativeId} changed ${version.changedAt}, after a page complete until ${completeBefore}`,
        {
          userMessage: `${landing.stream.name} sent a change of ${version.changedAt} after saying that everything up to ${completeBefore} had been sent, so its order cannot be relied on. Reading stopped before anything was skipped; please report this as a fault of the connector.`,
        },
      );
    toStore.push(version);
  }
  const versions = [...fresh.values()];
  const before = await storedVersions(
    landing,
    new Set(versions.map((v) => v.nativeId).filter((id) => known.has(id))),
  );
  landing.possibly.add(versions.map((v) => v.nativeId));
  const settled = await bringIn(landing, versions, before, toStore);
  return { mapped: settled.mapped, rejected: settled.rejected, deleted: settled.deleted, unchanged };
}

/**
 * Bring versions into the canonical state.
 * @param before the newest stored versions of the same records
 * @param toStore those of the versions that the raw log does not have yet
 */
export async function bringIn(
  landing: Landing,
  versions: readonly Version[],
  before: readonly Version[],
  toStore: readonly Version[] = [],
): Promise<Settled> {
  const { store, clock } = landing;
  const settled = settle(landing.stream, versions, before);
  const startedAt = clock.now();
  const seenAt = instantOf(startedAt);
  const keyed = await landing.links.key(settled.rows, seenAt);
  // What canonical rows rest on comes first; whichever of these a crash leaves out, they are read and written again.
  await together([
    insertRaw(landing, toStore),
    touch(store, keyed, seenAt),
    store.insert(
      nativeKeyTable,
      keyed.flatMap((k) => k.links),
    ),
  ]);
  await together([
    // Of equal versions the later row wins, so what is ended comes before what takes its place.
    ...keyed.map(({ entity, former, rows }) => store.insert(entityTable(entity), [...former, ...rows])),
    insertChanges(landing, settled, seenAt),
    insertRejects(landing, settled, seenAt),
  ]);
  const finishedAt = clock.now();
  if (finishedAt - startedAt > SEEN_MARGIN_MS / 2) await touch(store, keyed, instantOf(finishedAt));
  return settled;
}

/** Wait for all of them, also when one fails: nothing may still be writing when the failure is told. */
async function together(writes: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(writes))
    if (result.status === "rejected") throw result.reason;
}

const isKeyless = (version: Version) => version.nativeId.startsWith(KEYLESS);

/** How far back the log is searched for a version that can be understood. */
const VERSIONS_LOOKED_AT = 5;

/** The newest stored versions of some records. */
export async function storedVersions(landing: Landing, ids: ReadonlySet<string>): Promise<Version[]> {
  const { store, sourceId, stream } = landing;
  if (entitiesOf(stream).length === 0) return [];
  const versions: Version[] = [];
  for (const part of parts(ids)) {
    const params = {
      source_id: sourceId,
      stream: stream.name,
      native_ids: part,
      newest: VERSIONS_LOOKED_AT,
    };
    const rows = await store.query(rawVersions, params);
    // Newest first as they come; of equal change times the one that arrived later must stay last.
    for (const row of rows.reverse()) versions.push(storedVersion(row));
  }
  return versions;
}

/** A row of the raw log as a version. */
export function storedVersion(row: {
  native_id: string;
  raw_id: string;
  changed_at: Instant;
  is_deleted: boolean;
  payload: string;
}): Version {
  return {
    nativeId: row.native_id,
    rawId: row.raw_id,
    changedAt: row.changed_at,
    deleted: row.is_deleted,
    payload: JSON.parse(row.payload),
    text: row.payload,
  };
}

async function insertRaw({ store, clock, sourceId, stream, syncId }: Landing, versions: readonly Version[]) {
  const fetchedAt = instantOf(clock.now());
  await store.insert(
    rawRecordTable,
    versions.map((v) => ({
      source_id: sourceId,
      stream: stream.name,
      native_id: v.nativeId,
      raw_id: v.rawId,
      changed_at: v.changedAt,
      fetched_at: fetchedAt,
      sync_id: syncId,
      is_deleted: v.deleted,
      payload: v.text,
    })),
  );
}

async function touch(store: Store, keyed: readonly Keyed[], seenAt: Instant): Promise<void> {
  const rows = keyed.flatMap(({ entity, keys }) =>
    [...keys].map((key) => ({ entity, seen_at: seenAt, key })),
  );
  await store.insert(touchedKeyTable, rows);
}

async function insertChanges({ store, sourceId, role }: Landing, { changes }: Settled, seenAt: Instant) {
  await store.insert(
    changeEventTable,
    changes.map(({ change }) => ({
      role,
      source_id: sourceId,
      entity: change.entity,
      native_id: change.nativeId,
      change_id: change.changeId,
      field: change.field,
      old_value: change.oldValue,
      new_value: change.newValue,
      actor: change.actor,
      actor_kind: change.actorKind,
      changed_at: change.changedAt,
      seen_at: seenAt,
    })),
  );
}

async function insertRejects(landing: Landing, { rejects, understood }: Settled, at: Instant): Promise<void> {
  const { store, sourceId, stream, openRejects } = landing;
  // One row per record: its newest version decides, also when that is a stored one.
  const latest = new Map<string, Reject>();
  for (const reject of rejects)
    if (reject.open || understood.has(reject.version.nativeId)) latest.set(reject.version.nativeId, reject);
  const rows = [...latest.values()].map(({ version, reason, detail, open }) => ({
    source_id: sourceId,
    stream: stream.name,
    native_id: version.nativeId,
    raw_id: version.rawId,
    at,
    is_open: open,
    reason: reason as string,
    detail,
    payload: version.text,
  }));
  for (const nativeId of understood) {
    if (!openRejects.has(nativeId) || latest.has(nativeId)) continue;
    rows.push(closedReject(sourceId, stream, nativeId, at));
  }
  await store.insert(rejectTable, rows);
  for (const row of rows) {
    if (row.is_open) openRejects.add(row.native_id);
    else openRejects.delete(row.native_id);
  }
}

/** The row that closes a reject. */
export function closedReject(sourceId: string, stream: Stream, nativeId: string, at: Instant) {
  return {
    source_id: sourceId,
    stream: stream.name,
    native_id: nativeId,
    raw_id: "",
    at,
    is_open: false,
    reason: "",
    detail: "",
    payload: "",
  };
}
