/**
 * Time entries. Redmine cannot be asked which of them changed, so every read lists all of them; unless the server has the change
 * feed: then they are listed once, by id, and what happened since is read, deletions included. When the feed goes away everything is
 * listed again, and when it comes back too, so that nothing is lost in between.
 */
import { TransientError } from "#core/errors";
import { instantOf } from "#core/time";
import type { Bookmark, Page, ReadOptions, Stream } from "../connector.ts";
import { isObject } from "../payload.ts";
import type { Instance, Json } from "./client.ts";
import { type FeedEvent, type FeedPlace, feedAfter, nextPlace, timeEntriesAfter } from "./feed.ts";
import { identify, idIn, kept, stamped, stamper } from "./kept.ts";
import { completeSince, newestIn, readList, withStamps } from "./list-stream.ts";
import { type ListSpec, listAll } from "./listing.ts";
import { timeMap } from "./time-map.ts";

/** How far a read by the feed got; a bookmark without one is of a read that listed everything. */
type Place =
  | { kind: "none" }
  /** Listing by id: what is beyond `after`, then the feed from `feed` on. */
  | { kind: "snapshot"; after: number; feed: FeedPlace }
  | ({ kind: "feed" } & FeedPlace);

/** Records one read takes from the feed; the rest is left for the next. Each comes once, as its last event left it. */
const MOST_FROM_FEED = 10_000;
/** How many events before the newest are looked at for a place to begin. */
const LOOK_BACK = 500;

export function timeStream(instance: Instance): Stream {
  const s = instance.settings;
  return {
    name: "time_entries",
    yields: "time_entry",
    deletes: s.changeFeed === "off" ? "sweep" : "both",
    mayVanish: 0.1,
    fields: [
      "id",
      "project",
      "issue",
      "user",
      "activity",
      "hours",
      "spent_on",
      "comments",
      "custom_fields",
      "created_on",
      "updated_on",
    ],
    identify,
    map: timeMap(s),
    async *read(from, options) {
      const { signal } = options;
      const names = await instance.names({ signal });
      names.field("approvalField");
      const feed = s.changeFeed === "off" ? null : await feedAfter(instance, 0, { signal, limit: 1 });
      const newest = newestIn(from);
      if (feed === null) {
        yield* readList(instance, () => listAll(instance, timeList(s.timeFrom), signal), newest, options);
        return;
      }
      const place = options.full ? NONE : placeIn(from);
      // A feed that is behind the bookmark was emptied and began anew.
      const isBehind = feed.last < (place.kind === "feed" ? (place.handled.at(-1) ?? place.after) : 0);
      if (place.kind === "feed" && !isBehind) yield* readFeed(instance, place, newest, signal);
      else
        yield* readSnapshot(instance, place.kind === "snapshot" ? place : null, feed.last, newest, options);
    },
  };
}

const NONE: Place = { kind: "none" };

export function timeList(timeFrom: string | null): ListSpec {
  return {
    path: "/time_entries.json",
    member: "time_entries",
    ...(timeFrom === null ? {} : { query: { spent_on: `>=${timeFrom}` } }),
  };
}

async function* readSnapshot(
  instance: Instance,
  resume: { after: number; feed: FeedPlace } | null,
  last: number,
  newest: number | null,
  { signal }: ReadOptions,
): AsyncIterable<Page> {
  const startedAt = instance.now();
  const feed = resume?.feed ?? (await beginning(instance, last, signal));
  const stamps = stamper(newest, startedAt);
  let after = resume?.after ?? 0;
  for (;;) {
    signal.throwIfAborted();
    const page = await timeEntriesAfter(instance, after, signal);
    if (page === null) throw feedGone(instance);
    if (page.entries.length === 0) break;
    after = page.entries.reduce((most, row) => Math.max(most, idIn(row) ?? 0), after);
    yield {
      records: withStamps(
        page.entries.filter((row) => inScope(instance, row)),
        stamps,
      ),
      bookmark: bookmarkOf({ kind: "snapshot", after, feed }, newest),
      completeUntil: null,
    };
  }
  yield {
    records: [],
    bookmark: bookmarkOf({ kind: "feed", ...feed }, stamps.newest()),
    // What an interrupted listing had already passed may have changed since; the feed will tell.
    completeUntil: resume === null ? completeSince(instance, startedAt) : null,
    ...(resume === null ? { everything: true as const } : {}),
  };
}

/**
 * Where the feed is to be read from after a listing that begins now. What it shows already, the listing will show too; what is
 * younger than the overlap may have a lower id and not be visible yet.
 */
async function beginning(instance: Instance, last: number, signal: AbortSignal): Promise<FeedPlace> {
  const after = Math.max(0, last - LOOK_BACK);
  const events = (await feedAfter(instance, after, { signal }))?.events ?? [];
  return nextPlace({ after, handled: [] }, events, instance.settings.overlapSeconds * 1000);
}

async function* readFeed(
  instance: Instance,
  from: FeedPlace,
  newest: number | null,
  signal: AbortSignal,
): AsyncIterable<Page> {
  const startedAt = instance.now();
  const handled = new Set(from.handled);
  const latest = new Map<number, FeedEvent>();
  let place = from;
  let isCaughtUp = false;
  for (let cursor = from.after; latest.size < MOST_FROM_FEED; ) {
    signal.throwIfAborted();
    const page = await feedAfter(instance, cursor, { signal });
    if (page === null) throw feedGone(instance);
    const end = page.events.at(-1);
    if (!end) {
      isCaughtUp = true;
      break;
    }
    for (const event of page.events)
      if (event.entity === "time_entry" && !handled.has(event.id)) latest.set(event.recordId, event);
    place = nextPlace(place, page.events, instance.settings.overlapSeconds * 1000);
    cursor = end.id;
  }
  const stamps = stamper(newest, startedAt);
  const records = [...latest.values()]
    .sort((a, b) => a.id - b.id)
    .flatMap((event) => {
      const record = recordOf(instance, event);
      return record === null ? [] : [stamped(record, stamps.of(event.at))];
    });
  yield {
    records,
    bookmark: bookmarkOf({ kind: "feed", ...place }, stamps.newest()),
    completeUntil: isCaughtUp ? completeSince(instance, startedAt) : null,
  };
}

/** What an event leaves: the record, or the word that it is gone, also out of the days that count; null when it never was there. */
function recordOf(instance: Instance, { record, previous, recordId }: FeedEvent): Json | null {
  if (record !== null && inScope(instance, record)) return kept(record);
  const wasThere = previous === null ? record === null : inScope(instance, previous);
  return wasThere ? { ...kept(previous ?? {}), id: recordId, deleted: true } : null;
}

function inScope({ settings }: Instance, row: Json): boolean {
  return settings.timeFrom === null || typeof row.spent_on !== "string" || row.spent_on >= settings.timeFrom;
}

function bookmarkOf(place: Place, newest: number | null): Bookmark {
  return JSON.stringify({ ...(newest === null ? {} : { newest: instantOf(newest) }), place });
}

function placeIn(bookmark: Bookmark | null): Place {
  const parsed: unknown = bookmark === null ? null : JSON.parse(bookmark);
  return isObject(parsed) && isObject(parsed.place) ? (parsed.place as unknown as Place) : NONE;
}

function feedGone(instance: Instance) {
  return new TransientError(
    "redmine.feed-gone",
    `${instance.name}: the change feed went away while it was read`,
    {
      context: { reached: true },
      userMessage: `The change feed of ${instance.name} went away while it was being read. At the next turn all time entries are listed instead; nothing is lost.`,
    },
  );
}
