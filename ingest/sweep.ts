/**
 * Finds deletions that a source does not tell of: what is stored and no longer among the ids the source has is gone. When more is
 * missing than may be, nothing is deleted and a person is asked. A record that comes back is restored from its last stored version.
 */
import { RequestError } from "#core/errors";
import { stableId } from "#core/ids";
import { instantOf, msOf } from "#core/time";
import { rawLive } from "#sql/queries/ingest";
import type { Stream } from "./connector.ts";
import { type Landing, land, storedVersions } from "./land.ts";
import { KEYLESS, type Version } from "./translate.ts";

export interface Swept {
  deleted: number;
  restored: number;
}

const BATCH = 10_000;

/** Whether a stream's deletions are found by its ids. */
export function canSweep(stream: Stream): stream is Stream & { ids: NonNullable<Stream["ids"]> } {
  return stream.ids !== undefined && (stream.deletes === "sweep" || stream.deletes === "both");
}

/**
 * @param acceptDeletions a person has looked: delete whatever is missing
 * Throws RequestError when more is missing than `stream.mayVanish` allows; nothing is deleted then.
 */
export async function sweep(
  landing: Landing,
  stream: Stream & { ids: NonNullable<Stream["ids"]> },
  signal: AbortSignal,
  acceptDeletions: boolean,
): Promise<Swept> {
  const { store, sourceId } = landing;
  const present = new Set<string>();
  for await (const ids of stream.ids(signal)) for (const id of ids) present.add(id);
  signal.throwIfAborted();

  const missing: string[] = [];
  const returned: string[] = [];
  let live = 0;
  for await (const row of store.stream(
    rawLive,
    { source_id: sourceId, stream: stream.name, keyless: KEYLESS },
    { signal },
  )) {
    if (!row.is_deleted) live++;
    if (!row.is_deleted && !present.has(row.native_id)) missing.push(row.native_id);
    if (row.is_deleted && present.has(row.native_id)) returned.push(row.native_id);
  }
  if (!acceptDeletions && missing.length > allowance(stream, live, present.size))
    throw new RequestError(
      "ingest.too-many-vanished",
      `${sourceId}/${stream.name}: ${missing.length} of ${live} records are no longer listed`,
      {
        userMessage: `${missing.length} of ${live} ${stream.name} records are no longer in ${sourceId}. That is more than may vanish at once (${Math.round(stream.mayVanish * 100)} %), so nothing was deleted here. If a permission or a filter was changed, put it back; if they were really deleted, sync this source once with deletions accepted.`,
        context: { missing: missing.slice(0, 20) },
      },
    );
  for (let from = 0; from < missing.length; from += BATCH)
    await landChanged(landing, missing.slice(from, from + BATCH), true);
  for (let from = 0; from < returned.length; from += BATCH)
    await landChanged(landing, returned.slice(from, from + BATCH), false);
  return { deleted: missing.length, restored: returned.length };
}

/** One record may always go from a source that still lists others, however few there are; unless none may. */
function allowance(stream: Stream, live: number, listed: number): number {
  const share = Math.floor(live * stream.mayVanish);
  return stream.mayVanish > 0 && listed > 0 ? Math.max(1, share) : share;
}

/** Add a version that deletes or restores, one millisecond newer than the newest there is, so that the log tells the whole story. */
async function landChanged(landing: Landing, nativeIds: readonly string[], deleted: boolean): Promise<void> {
  const newest = new Map<string, Version>();
  const content = new Map<string, Version>();
  for (const version of await storedVersions(landing, new Set(nativeIds))) {
    newest.set(version.nativeId, version);
    if (!version.deleted) content.set(version.nativeId, version);
  }
  const arrivals = [...newest.values()].map((last) => {
    const { nativeId, payload, text } = content.get(last.nativeId) ?? last;
    const changedAt = instantOf(msOf(last.changedAt) + 1);
    const rawId = stableId(landing.sourceId, landing.stream.name, nativeId, changedAt, text, String(deleted));
    return { version: { nativeId, rawId, changedAt, deleted, payload, text }, completeBefore: null };
  });
  await land(landing, arrivals);
}
