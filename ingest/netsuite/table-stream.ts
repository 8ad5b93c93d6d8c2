/**
 * A stream over a SuiteQL table: rows by their change stamp, then by id, each page asked for by where the last one ended. Offsets
 * would drift, because every page runs the query anew over data that moves. The bookmark never passes `account time − lag`.
 */
import type { Entity } from "#core/entities";
import { instantOf, msOf } from "#core/time";
import type { Bookmark, Identified, Mapped, Page, ReadOptions, Stream } from "../connector.ts";
import { guardLoop } from "../http.ts";
import { isObject, quote } from "../payload.ts";
import { WALL_FORMAT, wallInstant } from "./account-time.ts";
import type { Account, Row } from "./client.ts";

export interface TableSpec {
  name: string;
  yields: Entity | "change";
  /** Table and joins, the table first: `timebill t LEFT JOIN job j ON j.id = t.customer`. */
  from: string;
  where?: string;
  /** Alias → SuiteQL expression. */
  columns: Readonly<Record<string, string>>;
  /** The stamp's expression. */
  stamp: string;
  /** What orders rows of one stamp and makes them unique, by alias; the last may repeat when `nativeId` does not need it. */
  keys: readonly { alias: string; type: "number" | "text" }[];
  /** A row's own id; default: the key aliases joined by a colon. */
  nativeId?(row: Row): string;
  deletes?: Stream["deletes"];
  mayVanish?: number;
  map(payload: unknown): Mapped;
}

/** The alias of every table's change stamp, as the account's wall clock shows it. */
export const STAMP = "changed_on";

const at = `TO_DATE(?, '${WALL_FORMAT}')`;

/** A time column as text with date and time; a date column as text. */
export const timeText = (expression: string) => `TO_CHAR(${expression}, '${WALL_FORMAT}')`;
export const dateText = (expression: string) => `TO_CHAR(${expression}, 'YYYY-MM-DD')`;

interface Cursor {
  stamp: string;
  keys: readonly string[];
}

type Params = (string | number)[];

export function tableStream(account: Account, spec: TableSpec): Stream {
  const lagMs = account.settings.lagSeconds * 1000;
  const overlapMs = account.settings.overlapMinutes * 60_000;
  const keyExpressions = spec.keys.map((k) => spec.columns[k.alias] ?? k.alias);
  const columns = [
    ...Object.entries(spec.columns).map(([alias, expression]) =>
      alias === expression ? alias : `${expression} AS ${alias}`,
    ),
    `${timeText(spec.stamp)} AS ${STAMP}`,
  ].join(", ");
  const order = [spec.stamp, ...keyExpressions].join(", ");
  const nativeId =
    spec.nativeId ?? ((row: Row) => spec.keys.map((k) => String(row[k.alias] ?? "")).join(":"));

  const cursorOf = (row: Row): Cursor => ({
    stamp: String(row[STAMP] ?? ""),
    keys: spec.keys.map((k) => String(row[k.alias] ?? "")),
  });
  /** Cursor values as parameters: ids are numbers to the vendor, and compare as such. */
  const asParams = (values: readonly string[]): Params =>
    values.map((v, n) => (spec.keys[n]?.type === "number" ? Number(v) : v));
  const isAfter = (a: Cursor, b: Cursor): boolean => {
    if (a.stamp !== b.stamp) return a.stamp > b.stamp;
    for (const [n, key] of spec.keys.entries()) {
      const [x, y] = [a.keys[n] ?? "", b.keys[n] ?? ""];
      if (x !== y) return key.type === "number" ? BigInt(x || 0) > BigInt(y || 0) : x > y;
    }
    return false;
  };

  /** What follows the cursor: its own stamp again, then only later keys. Ties on the whole cursor come again, never go missing. */
  const afterCursor = (cursor: Cursor): { sql: string; params: Params } => {
    const later: string[] = [];
    const params: Params = [cursor.stamp, cursor.stamp];
    for (const n of spec.keys.keys()) {
      const last = n === spec.keys.length - 1;
      const equal = keyExpressions.slice(0, n).map((k) => `${k} = ?`);
      const exact = spec.keys[n]?.type === "number" && last ? ">" : last ? ">=" : ">";
      later.push(`(${[...equal, `${keyExpressions[n]} ${exact} ?`].join(" AND ")})`);
      params.push(...asParams(cursor.keys.slice(0, n + 1)));
    }
    return { sql: `${spec.stamp} >= ${at} AND (${spec.stamp} > ${at} OR ${later.join(" OR ")})`, params };
  };

  async function* read(from: Bookmark | null, options: ReadOptions): AsyncIterable<Page> {
    const now = await account.serverNow(options.signal);
    const completeMs = Math.floor((now - lagMs) / 1000) * 1000;
    const sinceMs = options.full || from === null ? null : sinceOf(from);
    const low = sinceMs === null ? null : account.time.from(sinceMs - overlapMs);
    // A little past the account's clock, which is known to the second.
    const high = account.time.before(now + 2000);
    const guard = guardLoop(`${account.name} ${spec.name}`);
    let cursor: Cursor | null = null;
    // Rows that sit exactly on the cursor come again with the next page, for the sake of others like them.
    let onCursor = new Set<string>();
    let total: number | null = null;
    for (;;) {
      const bound =
        cursor !== null
          ? afterCursor(cursor)
          : low === null
            ? { sql: null, params: [] }
            : { sql: `${spec.stamp} >= ${at}`, params: [low] };
      const where = [spec.where, bound.sql, `${spec.stamp} < ${at}`].filter(
        (p) => p !== undefined && p !== null,
      );
      const page = await account.select(
        spec.name,
        `SELECT ${columns} FROM ${spec.from} WHERE ${where.join(" AND ")} ORDER BY ${order}`,
        [...bound.params, high],
        { signal: options.signal },
      );
      total ??= page.total;
      const records = page.records.filter((row) => !onCursor.has(nativeId(row)));
      for (const row of records) {
        const here = cursorOf(row);
        if (cursor === null || isAfter(here, cursor)) {
          cursor = here;
          onCursor = new Set();
        }
        if (!isAfter(cursor, here)) onCursor.add(nativeId(row));
      }
      const done = !page.hasMore;
      const reached = cursor === null ? null : account.time.instant(cursor.stamp);
      const mark = done ? completeMs : reached === null ? null : Math.min(reached, completeMs);
      yield {
        records,
        bookmark:
          mark === null ? null : JSON.stringify({ since: instantOf(Math.max(mark, sinceMs ?? mark)) }),
        ...(low === null ? { total } : {}),
        completeUntil: done ? instantOf(completeMs) : null,
      };
      if (done) return;
      guard(JSON.stringify(cursor));
    }
  }

  async function* ids(signal: AbortSignal): AsyncIterable<readonly string[]> {
    const guard = guardLoop(`${account.name} ${spec.name} ids`);
    const names = spec.keys.map((k, n) =>
      keyExpressions[n] === k.alias ? k.alias : `${keyExpressions[n]} AS ${k.alias}`,
    );
    let last: readonly string[] | null = null;
    for (;;) {
      const later: string[] = [];
      const params: Params = [];
      if (last !== null)
        for (const n of spec.keys.keys()) {
          const equal = keyExpressions.slice(0, n).map((k) => `${k} = ?`);
          later.push(`(${[...equal, `${keyExpressions[n]} > ?`].join(" AND ")})`);
          params.push(...asParams(last.slice(0, n + 1)));
        }
      const where = [spec.where, later.length > 0 ? `(${later.join(" OR ")})` : undefined].filter(Boolean);
      const page = await account.select(
        spec.name,
        `SELECT ${names.join(", ")} FROM ${spec.from}${where.length > 0 ? ` WHERE ${where.join(" AND ")}` : ""} ORDER BY ${keyExpressions.join(", ")}`,
        params,
        { signal },
      );
      yield page.records.map(nativeId);
      for (const row of page.records) {
        const here: Cursor = { ...cursorOf(row), stamp: "" };
        if (last === null || isAfter(here, { stamp: "", keys: last })) last = here.keys;
      }
      if (!page.hasMore) return;
      guard(JSON.stringify(last));
    }
  }

  const deletes = spec.deletes ?? "sweep";
  return {
    name: spec.name,
    yields: spec.yields,
    deletes,
    mayVanish: spec.mayVanish ?? 0.1,
    fields: [...Object.keys(spec.columns), STAMP],
    identify(payload): Identified {
      if (!isObject(payload)) return { ok: false, detail: `Expected a row, got ${quote(payload)}.` };
      const missing = spec.keys.find((k) => typeof payload[k.alias] !== "string");
      if (missing) return { ok: false, detail: `The row has no ${missing.alias}.` };
      const changedAt = wallInstant(account.time, String(payload[STAMP] ?? ""));
      if (changedAt === null)
        return { ok: false, detail: `The row ${nativeId(payload)} has no change time.` };
      return { ok: true, nativeId: nativeId(payload), changedAt, deleted: false };
    },
    read,
    map: spec.map,
    ...(deletes === "never" ? {} : { ids }),
    async countOn(day) {
      const next = instantOf(Date.parse(`${day}T00:00:00Z`) + 86_400_000).slice(0, 10);
      const where = [spec.where, `${spec.stamp} >= ${at}`, `${spec.stamp} < ${at}`].filter(
        (p) => p !== undefined,
      );
      const page = await account.select(
        spec.name,
        `SELECT COUNT(*) AS n FROM ${spec.from} WHERE ${where.join(" AND ")}`,
        [account.time.startOfUtcDay(day), account.time.startOfUtcDay(next)],
      );
      return BigInt(String(page.records[0]?.n ?? "0"));
    },
  };
}

function sinceOf(bookmark: Bookmark): number | null {
  const parsed: unknown = JSON.parse(bookmark);
  return isObject(parsed) && typeof parsed.since === "string" ? msOf(parsed.since) : null;
}
