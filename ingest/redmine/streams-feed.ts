/**
 * Who changed what on time entries and projects, from the change feed where the server has it: to the moment, with deletions. What
 * changed is told in canonical words by mapping the record as it was before and as it was after.
 */
import { ENTITY_SCHEMAS } from "#core/entities";
import { instantOf } from "#core/time";
import type { Bookmark, Identified, Mapped, MappedChange, Stream } from "../connector.ts";
import { type Fields, instantMs, isObject, mapping, quote } from "../payload.ts";
import type { Instance, Json } from "./client.ts";
import { type FeedPlace, feedAfter, nextPlace } from "./feed.ts";
import { idIn, kept } from "./kept.ts";
import { completeSince } from "./list-stream.ts";
import type { RedmineSettings } from "./settings.ts";
import { projectFields, STATUS } from "./streams-project.ts";
import { timeMap } from "./time-map.ts";

/** Issues have journals, and memberships are nothing Plumbline keeps. */
const TOLD = new Set(["time_entry", "project"]);

/** Members of a project that are not told of: they never change, follow from the change itself, or are told one by one. */
const NOT_TOLD = new Set(["id", "updated_on", "created_on", "custom_fields"]);

export function feedStream(instance: Instance): Stream {
  const s = instance.settings;
  return {
    name: "change_feed",
    yields: "change",
    deletes: "never",
    mayVanish: 0,
    fields: ["id", "entity", "record_id", "op", "actor", "at", "record", "previous"],
    identify: identifyEvent,
    async *read(from, { full, signal }) {
      const startedAt = instance.now();
      const completeUntil = completeSince(instance, startedAt);
      let place = full || from === null ? START : placeIn(from);
      const first = await feedAfter(instance, 0, { signal, limit: 1 });
      if (first === null) {
        // Without the plug-in nothing is logged, so there is nothing to be behind with.
        yield {
          records: [],
          bookmark: null,
          completeUntil,
          note: `${instance.name} keeps no log of time entries: when one was approved or deleted, and who changed it, cannot be seen. Times taken from it are upper bounds.`,
        };
        return;
      }
      // A feed that is behind the bookmark was emptied and began anew.
      if (first.last < (place.handled.at(-1) ?? place.after)) place = START;
      const handled = new Set(place.handled);
      for (let cursor = place.after; ; ) {
        signal.throwIfAborted();
        const page = await feedAfter(instance, cursor, { signal });
        const end = page?.events.at(-1);
        if (!page || !end) {
          yield { records: [], bookmark: markOf(place), completeUntil: page ? completeUntil : null };
          return;
        }
        place = nextPlace(place, page.events, s.overlapSeconds * 1000);
        cursor = end.id;
        const records = page.events.filter((e) => TOLD.has(e.entity) && !handled.has(e.id)).map((e) => e.all);
        yield { records, bookmark: markOf(place), completeUntil: null };
      }
    },
    map: mapping((f) => ({ records: [], changes: changesIn(f, s) })),
  };
}

const START: FeedPlace = { after: 0, handled: [] };
const markOf = (place: FeedPlace): Bookmark => JSON.stringify({ after: place.after, handled: place.handled });

function placeIn(bookmark: Bookmark): FeedPlace {
  const parsed: unknown = JSON.parse(bookmark);
  if (!isObject(parsed) || typeof parsed.after !== "number") return START;
  return { after: parsed.after, handled: Array.isArray(parsed.handled) ? parsed.handled.map(Number) : [] };
}

/** An event's id may come again after the feed was emptied; its time will not. */
function identifyEvent(payload: unknown): Identified {
  const id = idIn(payload);
  const at = isObject(payload) && typeof payload.at === "string" ? instantMs(payload.at) : null;
  return id === null || at === null
    ? { ok: false, detail: `Expected an event with an id and a time, got ${quote(payload)}.` }
    : { ok: true, nativeId: `${id}@${at}`, changedAt: instantOf(at), deleted: false };
}

function changesIn(f: Fields, s: RedmineSettings): MappedChange[] {
  const entity = entityOf(f, s);
  if (entity === null) return [];
  const actor = f.text("actor");
  const common = {
    entity,
    nativeId: f.required("record_id"),
    changeId: `feed:${f.required("id")}`,
    actor,
    actorKind: (actor === ""
      ? "unknown"
      : s.integrationUsers.includes(actor)
        ? "integration"
        : "person") as MappedChange["actorKind"],
    changedAt: f.instant("at"),
  };
  const [before, after] = [recordIn(f, "previous"), recordIn(f, "record")];
  const op = f.text("op");
  if (op === "create" || op === "delete" || before === null || after === null)
    return [{ ...common, field: `raw:${op}`, oldValue: saidOf(before), newValue: saidOf(after) }];
  return differences(entity === "time_entry" ? timeWords(s) : projectWords(entity, s), before, after).map(
    (d) => ({
      ...common,
      ...d,
      // One save may change several fields at once.
      changeId: `${common.changeId}:${d.field}`,
    }),
  );
}

function recordIn(f: Fields, name: string): Json | null {
  const value = f.raw(name);
  return isObject(value) ? kept(value) : null;
}

/** What a record was, shortly, for one that came or went. */
function saidOf(record: Json | null): string {
  if (record === null) return "";
  return (
    String(record.identifier ?? "") || `${String(record.hours ?? "")} h on ${String(record.spent_on ?? "")}`
  );
}

type Words = (record: Json) => ReadonlyMap<string, string>;

function differences(words: Words, before: Json, after: Json) {
  const [was, is] = [words(before), words(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((field) => {
    const [oldValue, newValue] = [was.get(field) ?? "", is.get(field) ?? ""];
    return oldValue === newValue ? [] : [{ field, oldValue, newValue }];
  });
}

/** A time entry by canonical field; its custom fields that none holds, by their own names. */
function timeWords(s: RedmineSettings): Words {
  const map = timeMap(s);
  return (record) => {
    const mapped: Mapped = map(record);
    const data = mapped.ok ? (mapped.records[0]?.data ?? {}) : {};
    const words = new Map(
      Object.entries(data).map(([field, value]) => [field, value === null ? "" : String(value)]),
    );
    // When it was first held never changes; a date is not made of it.
    words.delete("recorded_at");
    for (const [name, value] of customIn(record))
      if (name !== s.approvalField) words.set(`raw:${name}`, value);
    return words;
  };
}

/**
 * A project, or the client one stands for, by its own members and custom fields. Whose client's a project is, is not in the event.
 */
function projectWords(entity: "project" | "customer", s: RedmineSettings): Words {
  const known: Readonly<Record<string, string>> = { ...projectFields(s), name: "name", status: "status" };
  const field = (name: string) => {
    const canonical = known[name];
    return canonical !== undefined && canonical in ENTITY_SCHEMAS[entity].shape ? canonical : `raw:${name}`;
  };
  return (record) => {
    const words = new Map<string, string>();
    for (const [member, value] of Object.entries(record)) {
      const text = shown(value);
      if (!NOT_TOLD.has(member))
        words.set(field(member), member === "status" ? (STATUS[text] ?? text) : text);
    }
    for (const [name, value] of customIn(record)) words.set(field(name), value);
    return words;
  };
}

/** Which kind of record an event is about; null for kinds that are told of elsewhere. */
function entityOf(f: Fields, s: RedmineSettings): "time_entry" | "project" | "customer" | null {
  const entity = f.text("entity");
  if (entity === "time_entry") return entity;
  if (entity !== "project") return null;
  const record = recordIn(f, "record") ?? recordIn(f, "previous");
  const isClient =
    s.clientProjects === "roots" &&
    record !== null &&
    idIn(record.parent) === null &&
    customIn(record).some(([name, value]) => name === s.clientRefField && value !== "");
  return isClient ? "customer" : "project";
}

function customIn(record: Json): [string, string][] {
  const list = Array.isArray(record.custom_fields) ? record.custom_fields : [];
  return list.filter(isObject).map((c) => [String(c.name ?? ""), shown(c.value)]);
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
