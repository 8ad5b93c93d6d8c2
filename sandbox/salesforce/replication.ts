/** getUpdated and getDeleted: which rows changed or went in a window, and up to when the answer can be relied on. */
import type { HttpReply, HttpRequest } from "#sandbox/http-server";
import { type Org, toSecond } from "./org.ts";
import type { Table } from "./table.ts";
import { badRequest } from "./vendor-error.ts";
import { wireInstant } from "./wire.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const UPDATED_REACH_MS = 30 * DAY_MS;
const DELETED_REACH_MS = 15 * DAY_MS;
const MOST_IDS = 600_000;

export function updated(org: Org, table: Table, request: HttpRequest): HttpReply {
  org.settle();
  const { start, end } = window(org, request, UPDATED_REACH_MS);
  const stamp = table.field("SystemModstamp") ?? table.field("CreatedDate");
  if (stamp === undefined) throw badRequest("INVALID_TYPE", `${table.spec.name} cannot be replicated`);
  const ids = table
    .range(stamp.name, start, end - 1)
    .filter((e) => e.visible?.IsDeleted !== true)
    .map((e) => e.id);
  refuseTooMany(ids.length);
  return { status: 200, body: { ids, latestDateCovered: wireInstant(covered(org, end)) } };
}

export function deletedRows(org: Org, table: Table, request: HttpRequest): HttpReply {
  org.settle();
  const { start, end } = window(org, request, DELETED_REACH_MS);
  const listed = table.deletions.filter((d) => d.at >= start && d.at < end);
  refuseTooMany(listed.length);
  const reach = org.clock.now() - DELETED_REACH_MS;
  return {
    status: 200,
    body: {
      deletedRecords: listed.map((d) => ({ id: d.id, deletedDate: wireInstant(d.at) })),
      earliestDateAvailable: wireInstant(toSecond(Math.max(reach, table.deleteLogFrom))),
      latestDateCovered: wireInstant(covered(org, end)),
    },
  };
}

/** Seconds are ignored: the window is cut to whole minutes. */
function window(org: Org, request: HttpRequest, reachMs: number): { start: number; end: number } {
  const start = minute(request, "start");
  const end = minute(request, "end");
  if (end - start < MINUTE_MS) {
    throw badRequest(
      "INVALID_REPLICATION_DATE",
      "startDate before endDate by more than one minute is required",
    );
  }
  if (start < org.clock.now() - reachMs - MINUTE_MS) {
    throw badRequest("INVALID_REPLICATION_DATE", "startDate is too far in the past");
  }
  return { start, end };
}

function minute(request: HttpRequest, name: string): number {
  // An unescaped + in a query string arrives as a space.
  const ms = Date.parse((request.query.get(name) ?? "").replace(" ", "+").replace(/\+0000$/, "+00:00"));
  if (Number.isNaN(ms)) throw badRequest("INVALID_REPLICATION_DATE", `${name} is not a valid date`);
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

/** Behind the clock, and never past the start of a transaction that may still land in the window. */
function covered(org: Org, end: number): number {
  const settled = org.clock.now() - org.settings.coverageLagMs;
  return toSecond(Math.min(end, settled, org.openSince() ?? Number.POSITIVE_INFINITY));
}

function refuseTooMany(count: number): void {
  if (count > MOST_IDS) throw badRequest("EXCEEDED_ID_LIMIT", "more than 600000 ids in the window");
}
