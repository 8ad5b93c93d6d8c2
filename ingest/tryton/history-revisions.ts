/**
 * The row history that some models keep of themselves. It cannot be listed: for records that changed, the server is asked when they
 * did and how they were then. A record that was deleted is not found any more.
 */
import { instantOf, msOf } from "#core/time";
import type { Page } from "../connector.ts";
import type { Row } from "./client.ts";
import { type Log, named } from "./history-feed.ts";
import { type Columns, columnsOf } from "./history-fields.ts";
import { statusNames, usersOf } from "./history-kept.ts";
import { mark, micro, type Step } from "./history-stream.ts";
import { inOrder } from "./in-order.ts";
import { changedSince, type Reading, reads } from "./model-stream.ts";
import { microInstantOf } from "./values.ts";

type Revision = { at: unknown; time: string; record: number; user: string };

export async function* readRevisions({ logged, reading, horizon, place }: Log): AsyncIterable<Page> {
  const { server, signal } = reading;
  const { model } = logged;
  const there = (await server.fields(model, signal)) ?? new Map();
  const columns = columnsOf(logged).filter((c) => there.has(c));
  const users = await usersOf(reading);
  const statuses = await statusNames(reading, model);
  const firstLook = instantOf(msOf(horizon) - server.settings.historyDays * 86_400_000);
  const since = place.since ?? firstLook;
  const first = micro(since);
  let after = 0;
  for (;;) {
    signal.throwIfAborted();
    const found = await reading.find(
      model,
      [["id", ">", after], changedSince(since)],
      ["id"],
      server.settings.pageSize,
    );
    const ids = found.map((r) => Number(r.id));
    const done = found.length < server.settings.pageSize;
    after = ids.at(-1) ?? after;
    const revisions = await revisionsOf(reading, model, ids);
    const states = await statesOf(reading, model, columns, revisions, first);
    const steps = revisions.flatMap((history): Step[] =>
      history.flatMap((revision, n) => {
        if (revision.time < first) return [];
        const state = (r: Revision | undefined): Columns | null => {
          const row = r === undefined ? undefined : states.get(r.time)?.get(r.record);
          return row === undefined
            ? null
            : Object.fromEntries(columns.map((c) => [c, named(c, row[c], statuses)]));
        };
        const now = state(revision);
        if (now === null) return [];
        const { record, at, time, user } = revision;
        const id = `rev-${record}-${time}`;
        return [{ id, model, record, at, by: users.byName(user), before: state(history[n - 1]), after: now }];
      }),
    );
    yield {
      records: steps,
      bookmark: done ? mark({ since: horizon, last: null }) : null,
      completeUntil: done ? horizon : null,
    };
    if (done) return;
  }
}

/** Each record's revisions, oldest first; those of one moment are one. */
async function revisionsOf(reading: Reading, model: string, ids: readonly number[]): Promise<Revision[][]> {
  if (ids.length === 0) return [];
  const rows = await reading.server.call<unknown[]>(
    model,
    "history_revisions",
    [ids],
    reads(reading.signal, reading.server.settings.language),
  );
  const byRecord = new Map<number, Revision[]>();
  // Newest first as they come.
  for (const row of rows.toReversed()) {
    if (!Array.isArray(row)) continue;
    const [at, record, user] = row as unknown[];
    const time = microInstantOf(at);
    if (time === null || typeof record !== "number") continue;
    const list = byRecord.get(record) ?? [];
    if (list.at(-1)?.time !== time)
      list.push({ at, time, record, user: typeof user === "string" ? user : "" });
    byRecord.set(record, list);
  }
  return [...byRecord.values()];
}

/** How records were at each moment that matters: time → record → columns. */
async function statesOf(
  reading: Reading,
  model: string,
  columns: readonly string[],
  revisions: readonly Revision[][],
  first: string,
): Promise<ReadonlyMap<string, ReadonlyMap<number, Row>>> {
  const wanted = new Map<string, { at: unknown; ids: number[] }>();
  for (const history of revisions)
    for (const [n, revision] of history.entries()) {
      const next = history[n + 1];
      if (revision.time < first && (next === undefined || next.time < first)) continue;
      const moment = wanted.get(revision.time) ?? { at: revision.at, ids: [] };
      moment.ids.push(revision.record);
      wanted.set(revision.time, moment);
    }
  const states = new Map<string, ReadonlyMap<number, Row>>();
  for (const [time, { at, ids }] of wanted) {
    const options = reads(reading.signal, reading.server.settings.language);
    const rows = await reading.server.call<Row[]>(
      model,
      "search_read",
      [[["id", "in", ids]], 0, null, null, [...columns]],
      { ...options, context: { ...options.context, _datetime: at } },
    );
    states.set(time, new Map(inOrder(rows).map((r) => [Number(r.id), r])));
  }
  return states;
}
