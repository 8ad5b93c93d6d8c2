/**
 * What the writers of each kind of record share: how a record is looked at together with the stamps that guard it, and how a change is
 * planned. Sending it is write-outcome.ts's.
 */
import { RequestError } from "#core/errors";
import type { Change, Refs, Snapshot, Values, WriteOutcome, WriteTarget } from "../connector.ts";
import { isObject } from "../payload.ts";
import { movedSince } from "../push-outcome.ts";
import type { Row, Server } from "./client.ts";
import { valueAt } from "./record.ts";

/** The server's stamps of records, `{"project.work,6": "1795268416.132955"}`: a write that sends them fails when one has moved. */
export type Stamps = Readonly<Record<string, string>>;

/** A record as it is now. */
export interface Held {
  nativeId: string;
  values: Values;
  stamps: Stamps;
  /** Why it may not be changed, in a person's words. */
  locked: string | null;
}

export type Look = () => Promise<Held | null>;

/** One call to send, and what is to be seen afterwards. */
export interface Step {
  model: string;
  method: "create" | "write" | "delete";
  args: readonly unknown[];
  stamps: Stamps;
  look: Look;
  /** Field values the record must hold afterwards; null: it must be gone. */
  expect: Values | null;
  /** Added to the vendor's words when it refuses: what Plumbline knows of the reason. */
  hint?: string;
}

export type Plan = { outcome: WriteOutcome } | { step: Step };

export interface RecordWriter {
  actions: readonly Change["action"][];
  read(target: WriteTarget, fields: readonly string[], refs: Refs): Promise<Snapshot>;
  /** Reads what it needs and says what to send, or why nothing is sent. Writes nothing. */
  plan(change: Change): Promise<Plan>;
}

const NOTHING: Snapshot = { exists: false, nativeId: null, values: {}, token: null, locked: null };

/** What `read` answers: the fields asked for, and the stamps as the token. */
export function snapshotOf(held: Held | null, fields: readonly string[]): Snapshot {
  return held === null
    ? NOTHING
    : {
        exists: true,
        nativeId: held.nativeId,
        values: pick(held.values, fields),
        token: JSON.stringify(held.stamps),
        locked: held.locked,
      };
}

export function rejected(code: string, message: string): { outcome: WriteOutcome } {
  return { outcome: { outcome: "rejected", code, message } };
}

export function gone(server: Server, what: string): { outcome: WriteOutcome } {
  return rejected(
    "plumbline.gone",
    `${what} is no longer in ${server.name}, or its user may no longer see it. Nothing was written.`,
  );
}

/** Only fields this writer sets; null when the change has no others. */
export function unsupported(change: Change, fields: readonly string[]): { outcome: WriteOutcome } | null {
  const others = change.changes.filter((c) => !fields.includes(c.field)).map((c) => c.field);
  return others.length === 0 && change.changes.length > 0
    ? null
    : rejected(
        "plumbline.unsupported",
        `Plumbline sets ${fields.join(", ")} on this kind of record and not ${others.join(", ") || "nothing"}.`,
      );
}

/**
 * The plan of an update: the record is there, is not locked, holds what the change starts from, and has the stamps it had when the
 * change was looked at. The stamps that are sent are those of this very reading, so nothing can slip in between.
 */
export async function updatePlan(
  server: Server,
  change: Change,
  what: string,
  look: Look,
  stepOf: (held: Held) => Promise<Plan> | Plan,
): Promise<Plan> {
  const held = await look();
  if (held === null) return gone(server, what);
  if (held.locked !== null) return rejected("plumbline.locked", held.locked);
  const moved = movedSince(change, held.values);
  if (moved) return { outcome: moved };
  const plan = await stepOf(held);
  if ("outcome" in plan) return plan;
  const seen = stampsOf(change.token);
  const stale = Object.keys(plan.step.stamps).filter(
    (id) => seen[id] !== undefined && seen[id] !== held.stamps[id],
  );
  return stale.length === 0
    ? plan
    : {
        outcome: {
          outcome: "conflict",
          actual: actualOf(change, held),
          message: `${what} was changed in ${server.name} since it was looked at, in other fields than these. Nothing was written.`,
        },
      };
}

/** The one record with this id, with its stamp; null when there is none that may be seen. */
export async function rowOf(
  server: Server,
  model: string,
  domain: readonly unknown[],
  fields: readonly string[],
): Promise<Row | null> {
  const [row] = await rowsOf(server, model, domain, fields, 1);
  return row ?? null;
}

export function rowsOf(
  server: Server,
  model: string,
  domain: readonly unknown[],
  fields: readonly string[],
  most: number | null = null,
): Promise<readonly Row[]> {
  return server.call<readonly Row[]>(
    model,
    "search_read",
    [domain, 0, most, [["id", "ASC"]], [...fields, "_timestamp"]],
    // Names of statuses and roles are read in the language the settings give them in.
    { purpose: "push", retry: "read", context: { language: server.settings.language } },
  );
}

export function countOf(server: Server, model: string, domain: readonly unknown[]): Promise<number> {
  return server.call<number>(model, "search_count", [domain], { purpose: "push", retry: "read" });
}

/**
 * Whether a model has a field. A description of a model leaves out what points at records its reader may not see, although the field
 * itself may be read; so the server's own list of fields is asked too.
 */
export async function hasField(server: Server, model: string, field: string): Promise<boolean> {
  if ((await server.fields(model))?.has(field)) return true;
  const found = await countOf(server, "ir.model.field", [
    ["model.model", "=", model],
    ["name", "=", field],
  ]);
  return found > 0;
}

/** Text, or a number as text; `""` when there is none. */
export function textAt(row: Row | null, path: string): string {
  const value = valueAt(row, path);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function stampOf(model: string, row: Row): Stamps {
  return typeof row._timestamp === "string" ? { [`${model},${String(row.id)}`]: row._timestamp } : {};
}

/** The server's ids are whole numbers. Throws RequestError for anything else. */
export function idOf(server: Server, nativeId: string | null, what: string): number {
  if (nativeId !== null && /^[1-9]\d{0,14}$/.test(nativeId)) return Number(nativeId);
  throw new RequestError("tryton.no-such-target", `No ${what} ${nativeId}`, {
    userMessage: `${nativeId ?? "This"} is not the id of ${what} in ${server.name}.`,
  });
}

/** A text field without line breaks, as the server insists. */
export function oneLine(text: string | null): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  return (text ?? "").replace(/[\s\u0000-\u001f\u007f]+/g, " ").trim();
}

/** A change with its values in the form this system's are looked at in. */
export function inForm(change: Change, form: (field: string, value: string | null) => string | null): Change {
  return {
    ...change,
    changes: change.changes.map(({ field, from, to }) => ({
      field,
      from: form(field, from),
      to: form(field, to),
    })),
  };
}

/** What a change is to leave behind, by field. */
export function expected(change: Change): Values {
  return Object.fromEntries(change.changes.map((c) => [c.field, c.to]));
}

function stampsOf(token: string | null): Stamps {
  if (token === null) return {};
  let stamps: unknown = null;
  try {
    stamps = JSON.parse(token);
  } catch {
    // Not a token of this connector: said below.
  }
  if (isObject(stamps)) return stamps as Stamps;
  throw new RequestError("tryton.bad-token", `Not a token of this connector: ${token}`, {
    userMessage: "This change was looked at by another version of Plumbline. Look at it again.",
  });
}

/** What the change's fields hold. */
export function actualOf(change: Change, held: Held): Values {
  return pick(
    held.values,
    change.changes.map((c) => c.field),
  );
}

function pick(values: Values, fields: readonly string[]): Values {
  return Object.fromEntries(fields.filter((f) => f in values).map((f) => [f, values[f] ?? null]));
}
