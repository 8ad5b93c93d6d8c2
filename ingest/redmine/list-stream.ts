/**
 * A stream over a list that cannot be asked for what changed: every read lists everything, so what is gone is found every time. The
 * bookmark only remembers the newest change time given.
 */
import { instantOf, msOf } from "#core/time";
import type { Bookmark, Page, ReadOptions, Stream } from "../connector.ts";
import { isObject } from "../payload.ts";
import type { Instance, Json } from "./client.ts";
import { identify, kept, stamped, stamper, updatedMs } from "./kept.ts";

export interface ListStreamSpec
  extends Pick<Stream, "name" | "yields" | "also" | "mayVanish" | "fields" | "map"> {
  /** All records there are, in pages, as Redmine lists them and with what mapping needs besides. */
  list(signal: AbortSignal): AsyncIterable<{ records: readonly Json[]; total: number }>;
}

export function listStream(instance: Instance, spec: ListStreamSpec): Stream {
  const { list, ...stream } = spec;
  return {
    ...stream,
    deletes: "sweep",
    identify,
    read: (from, options) => readList(instance, list, newestIn(from), options),
  };
}

/** One read that lists everything. The last page holds nothing but the bookmark and the word that this was all. */
export async function* readList(
  instance: Instance,
  list: ListStreamSpec["list"],
  before: number | null,
  { signal }: ReadOptions,
  bookmark: (newest: number) => Bookmark = listBookmark,
): AsyncIterable<Page> {
  const startedAt = instance.now();
  const stamps = stamper(before, startedAt);
  for await (const { records, total } of list(signal))
    yield { records: withStamps(records, stamps), bookmark: null, total, completeUntil: null };
  yield {
    records: [],
    bookmark: bookmark(stamps.newest() ?? startedAt),
    completeUntil: completeSince(instance, startedAt),
    everything: true,
  };
}

/** Records in the form they are kept, each with its change time. One without a time is told of when it is identified. */
export function withStamps(records: readonly Json[], stamps: ReturnType<typeof stamper>): Json[] {
  return records.map((row) => {
    const at = updatedMs(row);
    return at === null ? kept(row) : stamped(kept(row), stamps.of(at));
  });
}

/** How far a reading begun at `startedAt` is complete: what was stamped before, but not committed yet, may be missing from it. */
export function completeSince(instance: Instance, startedAt: number): string {
  return instantOf(startedAt - instance.settings.overlapSeconds * 1000);
}

export const listBookmark = (newest: number): Bookmark => JSON.stringify({ newest: instantOf(newest) });

/** The newest change time a list bookmark remembers; null for none. */
export function newestIn(bookmark: Bookmark | null): number | null {
  const parsed: unknown = bookmark === null ? null : JSON.parse(bookmark);
  return isObject(parsed) && typeof parsed.newest === "string" ? msOf(parsed.newest) : null;
}
