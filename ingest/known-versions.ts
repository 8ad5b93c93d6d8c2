/** What the raw log already holds of a record that has been read again, and whether that reading says anything new. */
import { sha256 } from "#core/ids";
import { type Instant, msOf } from "#core/time";
import { rawKnown } from "#sql/queries/ingest";
import type { Store } from "#sql/store";
import type { Stream } from "./connector.ts";
import { parts } from "./lookup.ts";
import type { Version } from "./translate.ts";

interface Asking {
  store: Store;
  sourceId: string;
  stream: Pick<Stream, "name">;
  syncId: string;
}

/** Raw ids of one record. */
export interface KnownVersions {
  stored: Set<string>;
  /** Those that went all the way through. */
  done: Set<string>;
  newestId: string;
  newestAt: Instant;
  newestIsDeleted: boolean;
  newestHash: string;
}

/** What is stored of these records, by native id. */
export async function knownVersions(
  { store, sourceId, stream, syncId }: Asking,
  ids: ReadonlySet<string>,
): Promise<Map<string, KnownVersions>> {
  const known = new Map<string, KnownVersions>();
  for (const part of parts(ids)) {
    const params = { source_id: sourceId, stream: stream.name, sync_id: syncId, native_ids: part };
    for (const row of await store.query(rawKnown, params))
      known.set(row.native_id, {
        stored: new Set(row.raw_ids),
        done: new Set(row.done_ids),
        newestId: row.newest_id,
        newestAt: row.newest_at,
        newestIsDeleted: row.newest_is_deleted,
        newestHash: row.newest_hash,
      });
  }
  return known;
}

/** A source without change times stamps each reading anew; a record that reads the same has not changed. */
export function isSameAsNewest(there: KnownVersions, version: Version): boolean {
  if (version.deleted || there.newestIsDeleted || !there.done.has(there.newestId)) return false;
  return sha256(version.text) === there.newestHash;
}

/**
 * A record reads as it did before the newest version, under the same stamp: what is joined to it changed and changed back, which
 * stamps nothing.
 */
export function isBackAgain(there: KnownVersions, version: Version): boolean {
  if (version.deleted || there.newestIsDeleted || there.newestId === version.rawId) return false;
  return (
    there.done.has(version.rawId) &&
    msOf(version.changedAt) === msOf(there.newestAt) &&
    sha256(version.text) !== there.newestHash
  );
}
