/**
 * Who changed what, as far as the server keeps it: by the add-on's log of a model where there is one, else by the row history that some
 * models have of themselves, else not at all. Which it is, is found out at the first read.
 */
import { ENTITY_SCHEMAS } from "#core/entities";
import { instantOf } from "#core/time";
import type { Bookmark, Identified, MappedChange, Page, Stream } from "../connector.ts";
import { isObject, quote, reject } from "../payload.ts";
import type { Server } from "./client.ts";
import { readFeed } from "./history-feed.ts";
import { type Columns, columnsOf, formulaText, type Logged, placeOf, shown } from "./history-fields.ts";
import { keepsHistory, logModel } from "./history-kept.ts";
import { readRevisions } from "./history-revisions.ts";
import { readingOf } from "./model-stream.ts";
import type { Models } from "./models.ts";
import { mappingOf } from "./record.ts";
import { instantOf as instantForm, microInstantOf } from "./values.ts";

/** One step in a record's life: its columns before and after. */
export interface Step {
  id: string;
  model: string;
  record: number;
  /** When, in the vendor's form. */
  at: unknown;
  by: By;
  /** Null at the record's making. */
  before: Columns | null;
  /** Null at its deletion. */
  after: Columns | null;
}

export interface By {
  /** Null where only the name is known. */
  uid: number | null;
  login: string | null;
  name: string | null;
}

/** Where a read of a change log goes on. */
export interface LogPlace {
  /** Changes before this are known. */
  since: string | null;
  /** The add-on's last entry that nothing older can come after; null where it was not read yet. */
  last: number | null;
}

export function historyStream(server: Server, models: Models, logged: Logged): Stream {
  const { settings } = server;
  const integrations = new Set([...settings.integrationUsers, settings.username]);
  return {
    name: `${logged.model}.history`,
    yields: "change",
    deletes: "never",
    mayVanish: 0,
    fields: ["id", "model", "record", "at", "by", "before", "after"],
    identify(payload): Identified {
      if (!isObject(payload)) return { ok: false, detail: `Expected a change, got ${quote(payload)}.` };
      const at = instantForm(payload.at);
      if (typeof payload.id !== "string" || payload.id === "")
        return { ok: false, detail: "The change has no id." };
      return at === null
        ? { ok: false, detail: `The change ${payload.id} has no time that can be read.` }
        : { ok: true, nativeId: payload.id, changedAt: at, deleted: false };
    },
    async *read(from, { full, signal }): AsyncIterable<Page> {
      signal.throwIfAborted();
      const reading = readingOf(server, models, signal);
      const horizon = instantOf((await server.serverNow(signal)) - settings.overlapSeconds * 1000);
      const place: LogPlace = full || from === null ? { since: null, last: null } : logPlaceOf(from);
      const log = { logged, reading, horizon, place };
      const kept = await keepsHistory(server, logged.model, signal);
      if (kept === "add-on") yield* readFeed({ ...log, model: logModel(logged.model) });
      else if (kept === "rows") yield* readRevisions(log);
      else
        yield {
          records: [],
          bookmark: mark({ since: horizon, last: null }),
          completeUntil: horizon,
          note: `${server.name} keeps no history of ${logged.model}: when its values changed, and who changed them, cannot be seen. Times taken from it are upper bounds.`,
        };
    },
    map: mappingOf((r) => {
      const id = r.required("id");
      const at = r.instant("at");
      const [before, after] = [columnsIn(r.raw("before")), columnsIn(r.raw("after"))];
      const record = r.required("record");
      const by = byIn(r.raw("by"));
      const actor = by.login ?? by.name ?? (by.uid === null ? "" : `user ${by.uid}`);
      const shared = {
        actor,
        // User 0 is the server itself, acting for a person.
        actorKind:
          by.uid === 0 || integrations.has(actor) ? "integration" : actor === "" ? "unknown" : "person",
        changedAt: at,
      } as const;
      if (before === null) return { records: [], changes: [] };
      if (after === null) {
        const subject = logged.about(record, before);
        const gone = { field: "raw:record", oldValue: "there", newValue: "deleted" };
        return {
          records: [],
          changes: [{ ...subject, ...shared, ...gone, changeId: `${logged.model}:${id}:record` }],
        };
      }
      const changes = columnsOf(logged).flatMap((column): MappedChange[] => {
        const read = column === "formula" ? (v: unknown) => formulaText(shown(v)) : shown;
        const [oldValue, newValue] = [read(before[column]), read(after[column])];
        if (oldValue === newValue) return [];
        const { field, ...subject } = placeOf(logged, record, after, column);
        if (!field.startsWith("raw:") && !(field in ENTITY_SCHEMAS[subject.entity].shape))
          reject("unknown-value", `A ${subject.entity} has no field ${field}.`);
        return [
          { ...subject, ...shared, field, oldValue, newValue, changeId: `${logged.model}:${id}:${column}` },
        ];
      });
      return { records: [], changes };
    }),
  };
}

/** A step's time as a text that sorts. */
export function stepTime(step: Pick<Step, "at">): string {
  return microInstantOf(step.at) ?? "";
}

/** An instant in milliseconds in the form that sorts with those of steps. */
export const micro = (at: string) => `${at.slice(0, 23)}000Z`;

export function mark(place: LogPlace): Bookmark {
  return JSON.stringify(place);
}

function logPlaceOf(bookmark: Bookmark): LogPlace {
  const parsed: unknown = JSON.parse(bookmark);
  if (!isObject(parsed)) return { since: null, last: null };
  return {
    since: typeof parsed.since === "string" ? parsed.since : null,
    last: typeof parsed.last === "number" ? parsed.last : null,
  };
}

function columnsIn(value: unknown): Columns | null {
  if (value === null || value === undefined) return null;
  return isObject(value) ? value : reject("wrong-shape", `A record's columns hold ${quote(value)}.`);
}

function byIn(value: unknown): By {
  const by = isObject(value) ? value : {};
  return {
    uid: typeof by.uid === "number" ? by.uid : null,
    login: typeof by.login === "string" ? by.login : null,
    name: typeof by.name === "string" ? by.name : null,
  };
}
