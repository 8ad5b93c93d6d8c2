/**
 * A stream over one object: rows by their change stamp, oldest first, from ten minutes before the last bookmark. The bookmark
 * never passes `server time − lag`, because a transaction stamps its rows before it commits them: what lands late is read again
 * by the overlap. Soft-deleted rows come along; the id sweep finds the rest.
 */
import type { Entity } from "#core/entities";
import { type Instant, instantOf, msOf } from "#core/time";
import type { Bookmark, Mapped, Page, ReadOptions, Stream } from "../connector.ts";
import { isObject } from "../payload.ts";
import type { Platform, Row } from "./client.ts";
import { identifyRow, laterOf, selectList, soqlInstant, stampOf } from "./row.ts";

export interface ObjectSpec {
  object: string;
  yields: Entity | "change";
  also?: readonly Entity[];
  /** Fields the mapping relies on; system fields are added. */
  fields: readonly (string | null)[];
  /** A SOQL condition that narrows the object (`pse__Is_Resource__c = true`). */
  where?: string;
  /**
   * What moves when a row's meaning changes: its own stamp first, then those of rows it takes fields from by formula.
   * Default: SystemModstamp.
   */
  stamps?: readonly string[];
  deletes?: Stream["deletes"];
  mayVanish?: number;
  /** A row in the form it is kept; default: as it came. */
  keep?(row: Row): Row;
  map(payload: unknown): Mapped;
}

export function objectStream(platform: Platform, spec: ObjectSpec): Stream {
  const stamps = spec.stamps ?? ["SystemModstamp"];
  const own = stamps[0] as string;
  // Background jobs of the org move SystemModstamp of many rows without changing what they say; a person's edit moves
  // LastModifiedDate too. So rows are found by the one and dated by the other.
  const dates = stamps.map((s) => s.replace("SystemModstamp", "LastModifiedDate"));
  const deletes = spec.deletes ?? "both";
  const system = deletes === "never" ? ["Id"] : ["Id", "IsDeleted", "CreatedDate", "LastModifiedById"];
  const fields = selectList(...system, ...dates, ...spec.fields);
  const asked = selectList(...stamps, ...fields);
  const keep = spec.keep ?? ((row: Row) => row);
  const lagMs = platform.settings.lagSeconds * 1000;
  const overlapMs = platform.settings.overlapMinutes * 60_000;

  async function* read(from: Bookmark | null, options: ReadOptions): AsyncIterable<Page> {
    const now = await platform.serverNow(options.signal);
    const completeUntil = instantOf(Math.floor((now - lagMs) / 1000) * 1000);
    const since = options.full ? null : sinceOf(from);
    const low = since === null ? null : soqlInstant(msOf(since) - overlapMs);
    // A little past the server's clock, which is known to the second; the bookmark stays behind by the lag.
    const high = soqlInstant(now + 2000);
    // Without a lower bound one pass sees every row, whichever stamp moved it.
    const passes = low === null ? [own] : stamps;
    for (const [n, stamp] of passes.entries()) {
      const lastPass = n === passes.length - 1;
      const soql = (at: string | null) =>
        `SELECT ${asked.join(", ")} FROM ${spec.object} WHERE ${conditions(
          spec.where,
          `${stamp} < ${high}`,
          at === null ? null : `${stamp} >= ${at}`,
        )} ORDER BY ${stamp}, Id`;
      let reached: number | null = null;
      const resume = () => soql(reached === null ? low : soqlInstant(reached));
      for await (const page of platform.queryAll(resume, options.signal)) {
        for (const row of page.records) {
          const at = stampOf(row, stamp);
          if (at !== null && (reached === null || at > reached)) reached = at;
        }
        const end = lastPass && page.done;
        const mark = end
          ? completeUntil
          : lastPass && reached !== null
            ? earlierOf(instantOf(reached), completeUntil)
            : null;
        yield {
          records: page.records.map((row) => keep(withoutSystemStamp(row))),
          bookmark: mark === null ? null : JSON.stringify({ since: laterOf(since, mark) }),
          ...(low === null ? { total: page.total } : {}),
          completeUntil: end ? completeUntil : null,
        };
      }
    }
  }

  return {
    name: spec.object,
    yields: spec.yields,
    ...(spec.also ? { also: spec.also } : {}),
    deletes,
    mayVanish: spec.mayVanish ?? 0.1,
    fields,
    identify: (payload) => identifyRow(payload, dates),
    read,
    map: spec.map,
    ...(deletes === "never" ? {} : { ids: (signal: AbortSignal) => ids(platform, spec, signal) }),
    countOn: (day) => platform.count(spec.object, conditions(spec.where, ...onDay(dates, day))),
  };
}

async function* ids(
  platform: Platform,
  spec: ObjectSpec,
  signal: AbortSignal,
): AsyncIterable<readonly string[]> {
  const soql = `SELECT Id FROM ${spec.object}${spec.where === undefined ? "" : ` WHERE ${spec.where}`} ORDER BY Id`;
  for await (const page of platform.query(() => soql, signal))
    yield page.records.flatMap((r) => (typeof r.Id === "string" ? [r.Id] : []));
}

/** What a background job touched and left as it was must read as it did before. */
function withoutSystemStamp(row: Row): Row {
  const kept = Object.entries(row).filter(([name]) => name !== "SystemModstamp");
  return Object.fromEntries(kept.map(([name, v]) => [name, isObject(v) ? withoutSystemStamp(v) : v]));
}

/** The newest of the stamps falls on that UTC day: none is later, and one is not earlier. */
function onDay(stamps: readonly string[], day: string): string[] {
  const from = `${day}T00:00:00Z`;
  const to = soqlInstant(Date.parse(from) + 86_400_000);
  const none = stamps.map((s) => (s.includes(".") ? `(${s} < ${to} OR ${s} = null)` : `${s} < ${to}`));
  return [...none, `(${stamps.map((s) => `${s} >= ${from}`).join(" OR ")})`];
}

function conditions(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((p) => p !== null && p !== undefined).join(" AND ");
}

function sinceOf(bookmark: Bookmark | null): Instant | null {
  if (bookmark === null) return null;
  const parsed: unknown = JSON.parse(bookmark);
  const since = typeof parsed === "object" && parsed !== null && "since" in parsed ? parsed.since : null;
  return typeof since === "string" ? since : null;
}

function earlierOf(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
