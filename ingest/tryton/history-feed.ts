/**
 * The add-on's log of a model: one entry per state of a record, numbered as they are written. Numbers are taken before their
 * transaction is committed, so a lower one may show up after a higher one: the last entries are read again.
 */
import type { Page } from "../connector.ts";
import { isObject } from "../payload.ts";
import type { Row } from "./client.ts";
import { type Columns, columnsOf, type Logged } from "./history-fields.ts";
import { statusNames, usersOf } from "./history-kept.ts";
import { type LogPlace, mark, micro, type Step, stepTime } from "./history-stream.ts";
import type { Reading } from "./model-stream.ts";

export interface Log {
  logged: Logged;
  reading: Reading;
  /** Nothing older than this can still appear. */
  horizon: string;
  place: LogPlace;
}

/** Records whose last state is remembered; beyond that it is looked up. */
const MOST_REMEMBERED = 50_000;
const IDS_PER_LOOKUP = 500;

export async function* readFeed({
  logged,
  reading,
  horizon,
  place,
  model,
}: Log & { model: string }): AsyncIterable<Page> {
  const { server, signal } = reading;
  const { pageSize } = server.settings;
  const there = (await server.fields(model, signal)) ?? new Map();
  const columns = columnsOf(logged).filter((c) => there.has(c));
  const users = await usersOf(reading);
  const statuses = await statusNames(reading, logged.model);
  const newest = new Map<unknown, Columns | null>();
  let after = place.last ?? 0;
  // Where the next read begins: before the first entry that is younger than what is settled.
  let settled = after;
  let isSettled = true;
  for (;;) {
    signal.throwIfAborted();
    const rows = await reading.find(
      model,
      [["id", ">", after]],
      ["record", "uid", "at", "deleted", ...columns],
      pageSize,
    );
    const done = rows.length < pageSize;
    await lookUp(reading, model, rows, newest, columns, statuses);
    const steps: Step[] = [];
    for (const row of rows) {
      const columnsNow = row.deleted === true ? null : pick(row, columns, statuses);
      const step: Step = {
        id: `log-${row.id}`,
        model: logged.model,
        record: Number(row.record),
        at: row.at,
        by: users.byId(Number(row.uid)),
        before: newest.get(row.record) ?? null,
        after: columnsNow,
      };
      newest.set(row.record, columnsNow);
      const time = stepTime(step);
      if (time > micro(horizon)) isSettled = false;
      if (isSettled) settled = Number(row.id);
      after = Math.max(after, Number(row.id));
      // Before the add-on was there, changes were found another way.
      if (place.last !== null || place.since === null || time >= micro(place.since)) steps.push(step);
    }
    if (newest.size > MOST_REMEMBERED) newest.clear();
    yield {
      records: steps,
      bookmark: mark({ since: done ? horizon : place.since, last: settled }),
      completeUntil: done ? horizon : null,
    };
    if (done) return;
  }
}

/** The state before the page of each record in it that is not known yet. */
async function lookUp(
  reading: Reading,
  model: string,
  rows: readonly Row[],
  newest: Map<unknown, Columns | null>,
  columns: readonly string[],
  statuses: ReadonlyMap<unknown, unknown>,
): Promise<void> {
  const first = rows[0]?.id;
  if (typeof first !== "number") return;
  const unknown = [...new Set(rows.map((r) => r.record))].filter((record) => !newest.has(record));
  for (let from = 0; from < unknown.length; from += IDS_PER_LOOKUP) {
    const part = unknown.slice(from, from + IDS_PER_LOOKUP);
    const found = await reading.find(
      model,
      [
        ["record", "in", part],
        ["id", "<", first],
      ],
      ["record", "deleted", ...columns],
    );
    // In the order of their ids, so that the last one stays.
    for (const row of found)
      newest.set(row.record, row.deleted === true ? null : pick(row, columns, statuses));
  }
}

function pick(row: Row, columns: readonly string[], statuses: ReadonlyMap<unknown, unknown>): Columns {
  return Object.fromEntries(columns.map((c) => [c, named(c, row[c], statuses)]));
}

/** A status by its name; it is a number in the log. */
export function named(column: string, value: unknown, statuses: ReadonlyMap<unknown, unknown>): unknown {
  if (column !== "status" || isObject(value)) return value;
  return statuses.get(value) ?? value;
}
