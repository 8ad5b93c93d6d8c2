/**
 * A stream over one model: records by id, each page asked for by where the last one ended, so that records that come or go meanwhile
 * shift nothing. What changed is found by change times, which are those of a transaction's start: nothing younger than the margin
 * in the settings is called complete, and it is read again.
 */
import type { Entity } from "#core/entities";
import { instantOf, msOf } from "#core/time";
import type { Bookmark, Identified, Mapped, Page, ReadOptions, Stream } from "../connector.ts";
import { guardLoop } from "../http.ts";
import { isObject, quote } from "../payload.ts";
import type { Row, Server } from "./client.ts";
import { inOrder } from "./in-order.ts";
import { type Models, needed } from "./models.ts";
import { stampOf } from "./record.ts";
import { datetimeForm } from "./values.ts";

/** A condition of a search, in the vendor's own form. */
export type Domain = readonly unknown[];

export interface ModelSpec {
  /** The stream's name; the model's where it is the only stream over it. */
  name?: string;
  model: string;
  yields: Entity;
  also?: readonly Entity[];
  /** Which records, besides the company's own. */
  where?: Domain;
  /** Path to the company of a record; null: they belong to no company. */
  company: string | null;
  /** What is read; dotted names reach into other records. Fields of modules that are not active are left out by `Models`. */
  fields: readonly string[];
  /** The setting that switches this stream off, for messages; null when it cannot be. */
  setting: string | null;
  /**
   * Paths to records whose change counts as a change of this one (`party`, `lines.product`). The change time is then that of the
   * newest, and changes cannot be counted by day.
   */
  related?: readonly string[];
  /** Conditions for further records to be read again, because something they depend on was written since. */
  widen?(since: string, read: Reading): Promise<readonly Domain[]>;
  /** Adds to each record what its mapping needs from elsewhere. */
  complete?(rows: Row[], read: Reading): Promise<Row[]>;
  /** Read whole each time; deletions show at once. For what is small and depends on what has no change time of its own. */
  whole?: true;
  mayVanish?: number;
  map(payload: unknown): Mapped;
}

/** One read of a stream: how to ask for more, and what it has found out so far. */
export interface Reading {
  server: Server;
  models: Models;
  signal: AbortSignal;
  /** Search and read; `fields` as they come, with nothing left out. */
  find(model: string, domain: Domain, fields: readonly string[], limit?: number): Promise<Row[]>;
  /** For what `complete` wants to remember from page to page. */
  memory: Map<string, unknown>;
}

/** The member of a payload that holds its change time where it is not the record's own. */
export const CHANGED_AT = "changed_at";

const IDS_PER_PAGE = 10_000;

interface Place {
  /** Read what changed from here on; null: everything. */
  since: string | null;
  /** The last id that was read; null at the start. */
  after: number | null;
  /** Where the read after this one begins. */
  next: string | null;
}

export function modelStream(server: Server, models: Models, spec: ModelSpec): Stream {
  const { settings } = server;
  const related = spec.related ?? [];
  const isComposite = related.length > 0 || spec.widen !== undefined || spec.whole === true;
  const name = spec.name ?? spec.model;

  const scope = async (signal: AbortSignal): Promise<Domain> => [
    ...(spec.company === null ? [] : [[spec.company, "=", await server.company(signal)]]),
    ...(spec.where ?? []),
  ];

  async function* read(from: Bookmark | null, options: ReadOptions): AsyncIterable<Page> {
    const { signal } = options;
    signal.throwIfAborted();
    const reading = readingOf(server, models, signal);
    const wanted = [...stamps(related), ...spec.fields];
    const fields = await needed(models, { ...spec, name }, wanted, signal);
    const followed = related.filter((path) => fields.includes(`${path}.write_date`));
    const completeMs = (await server.serverNow(signal)) - settings.overlapSeconds * 1000;
    const began = instantOf(completeMs);
    const all = options.full || spec.whole === true || from === null;
    const place: Place = all ? { since: null, after: null, next: null } : placeOf(from);
    // A read that goes on where another was stopped owes what changed since that one began.
    const next = place.next ?? began;
    const conditions: unknown[] = [...(await scope(signal))];
    if (place.since !== null) {
      const further = (await spec.widen?.(place.since, reading)) ?? [];
      conditions.push([...changedSince(place.since, followed), ...further]);
    }
    const total = all
      ? await server.call<number>(spec.model, "search_count", [conditions], reads(signal, settings.language))
      : null;
    const guard = guardLoop(`${server.name} ${name}`);
    let after = place.after;
    for (;;) {
      const domain = after === null ? conditions : [...conditions, ["id", ">", after]];
      const found = await reading.find(spec.model, domain, fields, settings.pageSize);
      const done = found.length < settings.pageSize;
      const rows = spec.complete === undefined ? found : await spec.complete(found, reading);
      const last = found.at(-1)?.id;
      if (typeof last === "number") after = last;
      const mark: Place = done
        ? { since: next, after: null, next: null }
        : { since: place.since, after, next };
      yield {
        records: isComposite ? rows.map((row) => ({ ...row, [CHANGED_AT]: changedAt(row, followed) })) : rows,
        bookmark: JSON.stringify(mark),
        ...(total === null ? {} : { total }),
        completeUntil: done ? laterOf(next, began) : null,
        ...(done && spec.whole === true ? { everything: true as const } : {}),
      };
      if (done) return;
      guard(String(after));
    }
  }

  async function* ids(signal: AbortSignal): AsyncIterable<readonly string[]> {
    const conditions = await scope(signal);
    let after = 0;
    for (;;) {
      const found = await server.call<number[]>(
        spec.model,
        "search",
        [[...conditions, ["id", ">", after]], 0, IDS_PER_PAGE, [["id", "ASC"]]],
        reads(signal, settings.language),
      );
      yield found.map(String);
      const last = found.at(-1);
      if (found.length < IDS_PER_PAGE || last === undefined) return;
      after = last;
    }
  }

  return {
    name,
    yields: spec.yields,
    ...(spec.also === undefined ? {} : { also: spec.also }),
    deletes: "sweep",
    mayVanish: spec.mayVanish ?? 0.1,
    fields: [...new Set(["id", "create_date", "write_date", ...spec.fields.map(topLevel)])],
    identify: (payload) => identified(payload),
    read,
    map: spec.map,
    ...(spec.whole === true ? {} : { ids }),
    ...(isComposite
      ? {}
      : {
          async countOn(day) {
            const signal = new AbortController().signal;
            const until = instantOf(Date.parse(`${day}T00:00:00Z`) + 86_400_000);
            const range = (field: string) => [
              [field, ">=", datetimeForm(`${day}T00:00:00Z`)],
              [field, "<", datetimeForm(until)],
            ];
            const onDay = ["OR", range("write_date"), [["write_date", "=", null], ...range("create_date")]];
            const count = await server.call<number>(
              spec.model,
              "search_count",
              [[...(await scope(signal)), onDay]],
              reads(signal, settings.language),
            );
            return BigInt(count);
          },
        }),
  };
}

/** Options of a call that reads; archived records are records too. */
export function reads(signal: AbortSignal | undefined, language: string) {
  return { purpose: "read", retry: "read", signal, context: { active_test: false, language } } as const;
}

/** How one read asks for more. */
export function readingOf(server: Server, models: Models, signal: AbortSignal): Reading {
  return {
    server,
    models,
    signal,
    memory: new Map(),
    find: async (model, domain, fields, limit) =>
      inOrder(
        await server.call<Row[]>(
          model,
          "search_read",
          [domain, 0, limit ?? null, [["id", "ASC"]], [...fields]],
          reads(signal, server.settings.language),
        ),
      ),
  };
}

/** Written since, or made since and never written; or the same of what belongs to it. */
export function changedSince(since: string, related: readonly string[] = []): Domain {
  const form = datetimeForm(since);
  const one = (path: string): unknown[] => [
    [`${path}write_date`, ">=", form],
    [
      [`${path}write_date`, "=", null],
      [`${path}create_date`, ">=", form],
    ],
  ];
  return ["OR", ...one(""), ...related.flatMap((path) => one(`${path}.`))];
}

function stamps(related: readonly string[]): string[] {
  return ["", ...related.map((path) => `${path}.`)].flatMap((p) => [`${p}create_date`, `${p}write_date`]);
}

/** The newest of its own stamp, those of what belongs to it, and what `complete` found. */
function changedAt(row: Row, related: readonly string[]): string | null {
  const own = stampOf(row, related);
  const added = typeof row[CHANGED_AT] === "string" ? row[CHANGED_AT] : null;
  return own === null || (added !== null && added > own) ? added : own;
}

function identified(payload: unknown): Identified {
  if (!isObject(payload)) return { ok: false, detail: `Expected a record, got ${quote(payload)}.` };
  if (typeof payload.id !== "number") return { ok: false, detail: "The record has no id." };
  const changed = typeof payload[CHANGED_AT] === "string" ? payload[CHANGED_AT] : stampOf(payload);
  if (changed === null)
    return { ok: false, detail: `The record ${payload.id} has no change time that can be read.` };
  return {
    ok: true,
    nativeId: String(payload.id),
    changedAt: `${changed.slice(0, 23)}Z`,
    deleted: false,
  };
}

const topLevel = (path: string) => (path.includes(".") ? `${path.split(".")[0]}.` : path);

function placeOf(bookmark: Bookmark): Place {
  const parsed: unknown = JSON.parse(bookmark);
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  if (!isObject(parsed)) return { since: null, after: null, next: null };
  return {
    since: text(parsed.since),
    after: typeof parsed.after === "number" ? parsed.after : null,
    next: text(parsed.next),
  };
}

function laterOf(a: string, b: string): string {
  return msOf(a) < msOf(b) ? a : b;
}
