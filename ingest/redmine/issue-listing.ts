/**
 * Issues in the order they last changed, each page asked for by the time the last one ended at, never by an offset: an issue that is
 * changed meanwhile only moves on to where it is still to be read. Times have whole seconds, so a page asks for its second again; only
 * when more issues share a second than a page holds is that second listed on its own.
 */
import { TransientError } from "#core/errors";
import { instantOf } from "#core/time";
import type { Instance, Json } from "./client.ts";
import { idIn, updatedMs } from "./kept.ts";
import { type ListSpec, listAll, listPage } from "./listing.ts";

const ORDER = "updated_on:asc,id:asc";

export interface IssuePage {
  /** Issues no earlier page had in this state. */
  records: Json[];
  /** Everything changed before this was in this page or earlier ones, epoch milliseconds; null when nothing was. */
  reached: number | null;
  total: number;
  isLast: boolean;
}

/** Redmine's way to write a time in a filter: whole seconds. */
const inFilter = (ms: number) => `${instantOf(Math.floor(ms / 1000) * 1000).slice(0, 19)}Z`;

export function issueList(trackers: readonly number[]): ListSpec {
  return {
    path: "/issues.json",
    member: "issues",
    // Without a status filter only open issues are listed.
    query: { status_id: "*", tracker_id: trackers.join("|") },
  };
}

/** Issues changed at or after `since` (epoch milliseconds; null: all), open and closed. */
export async function* issuesByChange(
  instance: Instance,
  spec: ListSpec,
  since: number | null,
  signal: AbortSignal,
): AsyncGenerator<IssuePage, void> {
  const seen = new Map<number, number | null>();
  const unseen = (rows: readonly Json[]) =>
    rows.filter((row) => {
      const id = idIn(row);
      const at = updatedMs(row);
      if (id === null || seen.get(id) !== at) {
        if (id !== null) seen.set(id, at);
        return true;
      }
      return false;
    });
  const changedFrom = (filter: string): ListSpec => ({
    ...spec,
    query: { ...spec.query, updated_on: filter },
  });
  let from = since;
  let reached: number | null = null;
  let total: number | null = null;
  for (;;) {
    signal.throwIfAborted();
    const page = await listPage(
      instance,
      from === null ? spec : changedFrom(`>=${inFilter(from)}`),
      { offset: 0, sort: ORDER },
      signal,
    );
    total ??= page.total;
    const end = page.rows.reduce<number | null>((at, row) => latest(at, updatedMs(row)), null);
    const isLast = page.rows.length >= page.total;
    if (!isLast && end === null) throw noTimes(instance);
    if (!isLast && end !== null && from !== null && end <= from) {
      // The page holds no more than a second, and not all of that.
      const within = changedFrom(`><${inFilter(end)}|${inFilter(from + 1000)}`);
      for await (const part of listAll(instance, within, signal))
        yield { records: unseen(part.records), reached, total, isLast: false };
      reached = latest(reached, from);
      from += 1000;
      continue;
    }
    reached = latest(reached, end);
    yield { records: unseen(page.rows), reached, total, isLast };
    if (isLast) return;
    from = end;
  }
}

/** How many issues last changed on a UTC day, counted by the second they show. */
export async function issuesChangedOn(instance: Instance, spec: ListSpec, day: string): Promise<bigint> {
  const start = Date.parse(`${day}T00:00:00Z`);
  const within = {
    ...spec,
    query: { ...spec.query, updated_on: `><${inFilter(start)}|${inFilter(start + 86_400_000)}` },
  };
  let count = 0n;
  for await (const { records } of listAll(instance, within))
    for (const row of records) {
      const at = updatedMs(row) ?? 0;
      if (at >= start && at < start + 86_400_000) count++;
    }
  return count;
}

function noTimes(instance: Instance) {
  return new TransientError("redmine.no-times", `${instance.name}: issues came without updated_on`, {
    context: { reached: true },
    userMessage: `${instance.name} listed issues without the time of their last change, so what changed cannot be told. It is asked again at the next turn.`,
  });
}

export function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
