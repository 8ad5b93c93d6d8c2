/**
 * Finds deletions that a source does not tell of: what is stored and no longer among the ids the source has is gone. The ids are
 * asked for, or are those of a read that listed everything. When more is missing than may be, nothing is deleted and a person is
 * asked. A record that comes back is restored from its last stored version.
 */
import { InvariantError, RequestError } from "#core/errors";
import { stableId } from "#core/ids";
import { instantOf, msOf } from "#core/time";
import { rawLive } from "#sql/queries/ingest";
import type { Page, Stream } from "./connector.ts";
import { type Landing, land, storedVersions } from "./land.ts";
import { KEYLESS, type Version } from "./translate.ts";

export interface Swept {
  deleted: number;
  restored: number;
}

const BATCH = 10_000;

/** Whether a stream's deletions are found by what the source still has. */
export function canSweep(stream: Stream): boolean {
  return stream.deletes === "sweep" || stream.deletes === "both";
}

/** What one read lists, for a stream that is swept and has no `ids` of its own. */
export interface Listing {
  /** Note what a page holds. Throws InvariantError when a page comes after the one that ended the list. */
  add(page: Page, versions: readonly Version[]): void;
  /** The ids of a read that listed everything, null of one that did not. */
  whole(): ReadonlySet<string> | null;
}

export function listingOf(landing: Landing): Listing {
  const { sourceId, stream } = landing;
  const collects = canSweep(stream) && stream.ids === undefined;
  const listed = new Set<string>();
  let isWhole = false;
  const broken = (code: string, what: string, userMessage: string) =>
    new InvariantError(code, `${sourceId}/${stream.name}: ${what}`, {
      userMessage: `${stream.name} ${userMessage} Nothing was deleted; please report this as a fault of the connector.`,
    });
  return {
    add(page, versions) {
      if (isWhole && page.records.length > 0)
        throw broken(
          "ingest.after-everything",
          "records came after the page that ended the list of everything",
          "sent more records after saying that it had listed everything, so it cannot be told what is gone.",
        );
      if (page.everything === true && !collects)
        throw broken(
          "ingest.everything",
          "a page says that everything was listed, but the stream is not swept by its reads",
          "says that it listed everything, which only a stream may say whose deletions are found that way.",
        );
      isWhole ||= page.everything === true;
      if (collects) for (const v of versions) if (!v.deleted) listed.add(v.nativeId);
    },
    whole: () => (isWhole ? listed : null),
  };
}

/**
 * Deletes what is stored and not present, and restores what is present and stored as deleted.
 * @param listed what the read that has just ended listed; null when it did not list everything
 * @param acceptDeletions a person has looked: delete whatever is missing
 * Throws RequestError when more is missing than `stream.mayVanish` allows, and InvariantError when the stream gives no way to tell
 * what is there; nothing is deleted then.
 */
export async function sweep(
  landing: Landing,
  listed: ReadonlySet<string> | null,
  signal: AbortSignal,
  acceptDeletions: boolean,
): Promise<Swept> {
  const { store, sourceId, stream } = landing;
  const present = listed ?? (await presentIds(landing, signal));
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

async function presentIds({ sourceId, stream }: Landing, signal: AbortSignal): Promise<ReadonlySet<string>> {
  if (!stream.ids)
    throw new InvariantError(
      "ingest.no-list",
      `${sourceId}/${stream.name} is swept, has no ids and did not list everything in a full read`,
      {
        userMessage: `${stream.name} was read to its end without saying whether that was everything ${sourceId} has, so it cannot be told what was deleted there. Nothing was deleted; please report this as a fault of the connector.`,
      },
    );
  const present = new Set<string>();
  for await (const ids of stream.ids(signal)) for (const id of ids) present.add(id);
  return present;
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
