/**
 * The change feed: what the optional plug-in adds to a Redmine (docs/connect/redmine.md). Every creation, change and deletion of time
 * entries and projects, in order, with the record after and before, and all time entries by id. A server without it answers 404.
 */
import { RequestError } from "#core/errors";
import { instantMs, isObject } from "../payload.ts";
import type { Instance, Json } from "./client.ts";
import { idIn } from "./kept.ts";

export interface FeedEvent {
  id: number;
  entity: string;
  recordId: number;
  op: string;
  /** Epoch milliseconds. */
  at: number;
  record: Json | null;
  previous: Json | null;
  /** As it came. */
  all: Json;
}

export interface FeedPage {
  events: FeedEvent[];
  /** Id of the newest event there is. */
  last: number;
}

const LIMIT = 2000;

/** Events after an id, oldest first; null when the server has no feed. */
export async function feedAfter(
  instance: Instance,
  after: number,
  options: { signal?: AbortSignal; limit?: number },
): Promise<FeedPage | null> {
  const { signal, limit = LIMIT } = options;
  const body = await instance.get(
    `/change_feed.json?after=${after}&limit=${limit}`,
    signal ? { signal } : {},
  );
  if (body === null) return null;
  if (!Array.isArray(body.changes) || typeof body.last !== "number") throw oddFeed(instance);
  return { events: body.changes.map((change) => eventOf(instance, change)), last: body.last };
}

/** Time entries after an id, by id, and the newest event's id before they were read; null when the server has no feed. */
export async function timeEntriesAfter(
  instance: Instance,
  after: number,
  signal: AbortSignal,
): Promise<{ entries: Json[]; lastChange: number } | null> {
  const body = await instance.get(`/change_feed/time_entries.json?after=${after}&limit=${LIMIT}`, { signal });
  if (body === null) return null;
  if (!Array.isArray(body.time_entries) || typeof body.last_change !== "number") throw oddFeed(instance);
  return { entries: body.time_entries.filter(isObject), lastChange: body.last_change };
}

function eventOf(instance: Instance, change: unknown): FeedEvent {
  if (!isObject(change)) throw oddFeed(instance);
  const at = typeof change.at === "string" ? instantMs(change.at) : null;
  const id = idIn(change);
  if (id === null || at === null || typeof change.record_id !== "number") throw oddFeed(instance);
  return {
    id,
    entity: String(change.entity ?? ""),
    recordId: change.record_id,
    op: String(change.op ?? ""),
    at,
    record: isObject(change.record) ? change.record : null,
    previous: isObject(change.previous) ? change.previous : null,
    all: change,
  };
}

function oddFeed(instance: Instance) {
  return new RequestError("redmine.odd-feed", `${instance.name}: the change feed did not answer as agreed`, {
    userMessage: `The change feed plug-in of ${instance.name} did not answer the way docs/connect/redmine.md describes, so its answer was not used. Install the version that belongs to this Plumbline, or set changeFeed: off to do without it.`,
  });
}

/** Where reading the feed goes on. Ids become visible out of order, so the last events are looked at again. */
export interface FeedPlace {
  /** Every event up to this id has been handled. */
  after: number;
  /** Events beyond it that have been handled as well. */
  handled: readonly number[];
}

/** More events than this are not remembered one by one. */
const MOST_HANDLED = 5000;

/** The place after a page: what is younger than the overlap before its newest event is asked for again. */
export function nextPlace(place: FeedPlace, events: readonly FeedEvent[], overlapMs: number): FeedPlace {
  const newest = events.at(-1);
  if (!newest) return place;
  const young = events.findIndex((e) => e.at > newest.at - overlapMs);
  const after = young < 0 ? newest.id : (events[young - 1]?.id ?? place.after);
  const handled = [...new Set([...place.handled, ...events.map((e) => e.id)])]
    .filter((id) => id > after)
    .sort((a, b) => a - b);
  const dropped = handled.length - MOST_HANDLED;
  return dropped > 0
    ? { after: handled[dropped - 1] ?? after, handled: handled.slice(dropped) }
    : { after, handled };
}
