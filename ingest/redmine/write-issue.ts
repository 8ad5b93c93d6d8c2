/**
 * Correcting what is kept as an issue: an allocation's dates, share and rate, a rate line's price and dates. Issues have a lock
 * version, but Redmine shows it only where the change feed plug-in is installed. Without it, the time of the last change is compared
 * immediately before the write, and the issue's own journal is asked afterwards what the change replaced.
 */
import { parseDecimal, sameValue } from "#core/decimal";
import type { Change, Values, WriteOutcome } from "../connector.ts";
import { fieldsOf, isDate, isObject } from "../payload.ts";
import { movedSince } from "../push-outcome.ts";
import type { Instance } from "./client.ts";
import {
  beforeSending,
  customField,
  gone,
  idOf,
  isOutcome,
  type Looked,
  type RecordWriter,
  type Row,
  record,
  rejected,
  sendAndProve,
  snapshotOf,
  withNulls,
} from "./record-writer.ts";
import type { RedmineSettings } from "./settings.ts";
import { closedProject } from "./write-project.ts";

/** Where a canonical field is kept on the issue: a date of its own, or a custom field by name. */
type Place = { date: "start_date" | "due_date" } | { custom: string };

interface Kind {
  what: string;
  tracker: string;
  places: Readonly<Record<string, Place>>;
}

export function allocationWriter(
  instance: Instance,
  settings: RedmineSettings,
  tracker: string,
): RecordWriter {
  return issueWriter(instance, {
    what: "allocation",
    tracker,
    places: {
      start_on: { date: "start_date" },
      end_on: { date: "due_date" },
      allocation_pct: { custom: settings.allocationField },
      bill_rate: { custom: settings.rateField },
    },
  });
}

export function rateLineWriter(instance: Instance, settings: RedmineSettings, tracker: string): RecordWriter {
  return issueWriter(instance, {
    what: "rate card line",
    tracker,
    places: {
      rate: { custom: settings.rateField },
      effective_from: { date: "start_date" },
      effective_to: { date: "due_date" },
    },
  });
}

function issueWriter(instance: Instance, kind: Kind): RecordWriter {
  const look = (id: string | null, query = "") => lookAt(instance, kind, id, query);
  return {
    actions: ["update"],
    async read(target, fields) {
      return snapshotOf(await look(target.nativeId), fields);
    },
    async write(original): Promise<WriteOutcome> {
      const change = withNulls(original);
      const id = change.target.nativeId;
      const prepared = await beforeSending(async () => {
        const before = await look(id);
        if (before === null) return gone(instance, kind.what);
        const conflict = movedSince(change, before.values) ?? touchedSince(instance, kind, change, before);
        if (conflict) return conflict;
        if (before.locked !== null) return rejected("plumbline.locked", before.locked);
        const body = bodyOf(instance, kind, change, before.row);
        return isOutcome(body) ? body : { before, body };
      });
      if (isOutcome(prepared)) return prepared;
      const { before, body } = prepared;
      const version = before.row.lock_version;
      const put = {
        path: `/issues/${id}.json`,
        body: { issue: { ...body, ...(typeof version === "number" ? { lock_version: version } : {}) } },
        locking: true,
        look: () => look(id, typeof version === "number" ? "" : "?include=journals"),
        besides: (after: Looked) => overwritten(instance, kind, change, after.row),
        forbidden: async () =>
          (await closedProject(instance, await projectOf(instance, before.row))) ??
          `${instance.name} does not let the user of the API key change this ${kind.what}. Give the user a role in its project with the permission to edit issues, or use an administrator's key.`,
        what: kind.what,
      };
      return sendAndProve(instance, change, put, before);
    },
  };
}

async function lookAt(
  instance: Instance,
  kind: Kind,
  id: string | null,
  query: string,
): Promise<Looked | null> {
  if (id === null || !/^\d+$/.test(id)) return null;
  const row = await record(instance, `/issues/${id}.json${query}`, "issue");
  // An issue whose tracker was changed is no allocation or rate line any more.
  if (row === null || !isObject(row.tracker) || row.tracker.name !== kind.tracker) return null;
  const f = fieldsOf(row);
  const values: Values = Object.fromEntries(
    Object.entries(kind.places).map(([field, place]) => [
      field,
      "date" in place ? f.text(place.date) || null : numberOf(row, place.custom),
    ]),
  );
  const { updated_on, lock_version } = row;
  return {
    row,
    values,
    token: JSON.stringify({ updated_on, lock_version }),
    locked: await closedProject(instance, await projectOf(instance, row)),
  };
}

/** The field's number as exact text; what is no number is shown as it is. */
function numberOf(row: Row, name: string): string | null {
  const value = customField(row, name)?.value ?? null;
  return parseDecimal(value) ?? value;
}

function projectOf(instance: Instance, row: Row): Promise<Row | null> {
  return record(instance, `/projects/${idOf(row.project)}.json`, "project");
}

/** The conflict when somebody touched the issue after the look the change rests on, whatever they changed. */
function touchedSince(instance: Instance, kind: Kind, change: Change, now: Looked): WriteOutcome | null {
  if (change.token === null || change.token === now.token) return null;
  return {
    outcome: "conflict",
    actual: now.values,
    message: `Somebody changed the ${kind.what} in ${instance.name} after it was looked at. Nothing was written.`,
  };
}

/** What to send, or why the change cannot be made. Numbers go as the text they are, so that their scale is kept. */
function bodyOf(instance: Instance, kind: Kind, change: Change, row: Row): Row | WriteOutcome {
  const dates: Record<string, string> = {};
  const custom: { id: number; value: string }[] = [];
  for (const { field, to } of change.changes) {
    const place = kind.places[field];
    if (place === undefined)
      return rejected("plumbline.unsupported", `Plumbline does not change ${field} in ${instance.name}.`);
    if ("date" in place) {
      if (to !== null && !isDate(to)) return rejected("plumbline.bad-value", `${to} is not a day.`);
      dates[place.date] = to ?? "";
      continue;
    }
    if (to !== null && parseDecimal(to) === null)
      return rejected("plumbline.bad-value", `${to} is not a number, and ${field} must be one.`);
    const there = customField(row, place.custom);
    // Redmine would take the value and drop it without a word.
    if (there === null)
      return rejected(
        "plumbline.no-field",
        `The ${kind.what} has no field "${place.custom}" in ${instance.name}, so ${field} cannot be set. Switch the field on for its tracker and its project.`,
      );
    custom.push({ id: there.id, value: to ?? "" });
  }
  return { ...dates, ...(custom.length === 0 ? {} : { custom_fields: custom }) };
}

/**
 * What the change replaced without meaning to: the newest journal entry that set a field to its new value tells the value before it.
 * Null when that is what the change started from, or when the issue was read without its journal.
 */
function overwritten(instance: Instance, kind: Kind, change: Change, row: Row): WriteOutcome | null {
  const journals = (Array.isArray(row.journals) ? row.journals : []).filter(isObject);
  journals.sort((a, b) => Number(b.id) - Number(a.id));
  const details = journals.flatMap((j) => (Array.isArray(j.details) ? j.details : [])).filter(isObject);
  const lost = change.changes.flatMap((c) => {
    const place = kind.places[c.field];
    if (place === undefined) return [];
    const [property, name] =
      "date" in place ? ["attr", place.date] : ["cf", String(customField(row, place.custom)?.id)];
    const last = details.find((d) => d.property === property && d.name === name);
    if (last === undefined || !sameValue(textOf(last.new_value), c.to)) return [];
    const was = textOf(last.old_value);
    return sameValue(was, c.from) ? [] : [`${c.field} was ${was ?? "empty"}, not ${c.from ?? "empty"}`];
  });
  if (lost.length === 0) return null;
  return rejected(
    "plumbline.overwrote",
    `Somebody changed the ${kind.what} in ${instance.name} at the same moment, and the push wrote over it: ${lost.join("; ")}. The ${kind.what} holds the pushed values now. A person must look at it.`,
  );
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
