/**
 * What the writers of each kind of record share. Redmine answers 204 whatever it ignored, so every write is proven by reading the
 * record back; and most of its records have no precondition, so every write begins with a fresh look.
 */
import { sameValue } from "#core/decimal";
import { NO_DATE } from "#core/entities";
import { AppError, sayError } from "#core/errors";
import type { Change, FieldChange, Refs, Snapshot, Values, WriteOutcome, WriteTarget } from "../connector.ts";
import type { HttpResponse } from "../http.ts";
import { isObject } from "../payload.ts";
import { sendOnce } from "../push-outcome.ts";
import type { Instance } from "./client.ts";
import { isStale, refusalOf } from "./refusal.ts";

export interface RecordWriter {
  actions: readonly Change["action"][];
  read(target: WriteTarget, fields: readonly string[], refs: Refs): Promise<Snapshot>;
  write(change: Change): Promise<WriteOutcome>;
}

export type Row = Readonly<Record<string, unknown>>;

/** A record as it was just read. */
export interface Looked {
  /** The record as Redmine sent it. */
  row: Row;
  /** Canonical fields; null is not set. */
  values: Values;
  token: string | null;
  /** Why it may not be written, in a person's words. */
  locked: string | null;
}

export const NOTHING: Snapshot = { exists: false, nativeId: null, values: {}, token: null, locked: null };

export function rejected(code: string, message: string): WriteOutcome {
  return { outcome: "rejected", code, message };
}

export function gone(instance: Instance, what: string): WriteOutcome {
  return rejected("plumbline.gone", `The ${what} is no longer in ${instance.name}.`);
}

/** The record under a name in an answer (`{"issue": {…}}`), read within the budget for pushes; null when there is none. */
export async function record(instance: Instance, path: string, member: string): Promise<Row | null> {
  const body = await instance.get(path, { purpose: "push" });
  const row = isObject(body) ? body[member] : null;
  return isObject(row) ? row : null;
}

/** The id in a reference member (`"issue": {"id": 7}`) or of the record itself, as text; "" when there is none. */
export function idOf(value: unknown): string {
  return isObject(value) && (typeof value.id === "number" || typeof value.id === "string")
    ? String(value.id)
    : "";
}

/** A custom field the record carries, found by its name; null when the record has no such field. */
export function customField(row: Row, name: string | null): { id: number; value: string | null } | null {
  const list = Array.isArray(row.custom_fields) ? row.custom_fields : [];
  const found = list.filter(isObject).find((f) => f.name === name);
  if (found === undefined || typeof found.id !== "number") return null;
  const { value } = found;
  if (value === null || value === undefined || value === "") return { id: found.id, value: null };
  return { id: found.id, value: typeof value === "string" ? value : JSON.stringify(value) };
}

/** A change with one word for "not set": the store writes it as "" or as NO_DATE, the contract as null. */
export function withNulls(change: Change): Change {
  const plain = (value: string | null) => (value === "" || value === NO_DATE ? null : value);
  return {
    ...change,
    changes: change.changes.map((c): FieldChange => ({ ...c, from: plain(c.from), to: plain(c.to) })),
  };
}

/** The snapshot of a look, with only the fields that were asked for. */
export function snapshotOf(looked: Looked | null, fields: readonly string[]): Snapshot {
  if (looked === null) return NOTHING;
  const { values, token, locked } = looked;
  return {
    exists: true,
    nativeId: idOf(looked.row),
    values: Object.fromEntries(fields.filter((f) => f in values).map((f) => [f, values[f] ?? null])),
    token,
    locked,
  };
}

/**
 * Run what comes before a write. Whatever goes wrong there went wrong before anything was sent, so it is a refusal and never an
 * unknown outcome.
 */
export async function beforeSending<T>(look: () => Promise<T>): Promise<T | WriteOutcome> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return rejected(error.code, `${sayError(error)} Nothing was written.`);
  }
}

export function isOutcome(value: unknown): value is WriteOutcome {
  return isObject(value) && typeof value.outcome === "string";
}

/** One change to send, and what is needed to say what became of it. */
export interface Put {
  /** `/issues/12.json`. */
  path: string;
  body: Row | null;
  /** Has the record a lock version, so that an empty list of errors means that somebody was faster? */
  locking: boolean;
  /** A fresh look at the record; null when it has gone. */
  look(): Promise<Looked | null>;
  /** Why Redmine forbids it, in words: it gives none itself. */
  forbidden(): Promise<string>;
  /** What else must hold once the new values are there; null when it does. */
  besides?(after: Looked): WriteOutcome | null;
  /** What the kind of record is called. */
  what: string;
}

/** Send one change and prove it by reading the record back. `change` has its nulls already (`withNulls`). */
export async function sendAndProve(
  instance: Instance,
  change: Change,
  put: Put,
  before: Looked,
): Promise<WriteOutcome> {
  const sent = await sendOnce(
    instance.name,
    () => instance.send("PUT", put.path, put.body),
    () => false,
  );
  if (!sent.answered) return sent.outcome;
  const { response } = sent;
  if (response.status >= 300) return refused(instance, put, response, before);
  let after: Looked | null;
  try {
    after = await put.look();
  } catch (error) {
    return {
      outcome: "unknown",
      message: `${instance.name} took the change and then could not be read, so it cannot be told whether it was made. ${sayError(error)}`,
    };
  }
  if (after === null) return gone(instance, put.what);
  return (
    notKept(instance, change.changes, after.values, put.locking) ??
    put.besides?.(after) ?? {
      outcome: "applied",
      nativeId: idOf(before.row),
      receipt: `PUT ${put.path} ${response.status}, read back`,
    }
  );
}

async function refused(
  instance: Instance,
  put: Put,
  response: HttpResponse,
  before: Looked,
): Promise<WriteOutcome> {
  const { code, words } = refusalOf(response);
  if (put.locking && isStale(response)) {
    const now = await put.look().catch(() => null);
    return {
      outcome: "conflict",
      actual: (now ?? before).values,
      message: `Somebody changed the ${put.what} in ${instance.name} while this was being saved. Nothing was written.`,
    };
  }
  if (words !== null) return rejected(code, words);
  if (response.status === 404) return gone(instance, put.what);
  if (response.status === 401)
    return rejected(code, `${instance.name} does not accept the API key any more. Nothing was written.`);
  if (response.status === 403) {
    const why = await put.forbidden().catch(() => null);
    return rejected(code, why ?? `${instance.name} does not allow the change and does not say why.`);
  }
  return rejected(
    code,
    `${instance.name} refused the change (${response.status}) and did not say why. Nothing was written.`,
  );
}

/** What Redmine accepted and did not make; null when every changed field holds its new value. */
function notKept(
  instance: Instance,
  changes: readonly FieldChange[],
  after: Values,
  locking: boolean,
): WriteOutcome | null {
  const holds = (c: FieldChange, value: string | null) => sameValue(after[c.field] ?? null, value);
  const lost = changes.filter((c) => !holds(c, c.to));
  if (lost.length === 0) return null;
  const kept = changes.filter((c) => holds(c, c.to));
  const said = lost.map(
    (c) => `${c.field} is ${holds(c, c.from) ? "still " : ""}${after[c.field] ?? "empty"}`,
  );
  const partly =
    kept.length === 0
      ? ""
      : ` The rest of the change was made: ${kept.map((c) => `${c.field} is ${c.to ?? "empty"}`).join("; ")}.`;
  const why = lost.some((c) => !holds(c, c.from))
    ? " Somebody may have changed it at the same moment."
    : locking
      ? " A workflow may make the field read-only, or Redmine may derive it from sub-issues."
      : "";
  return rejected(
    "plumbline.not-kept",
    `${instance.name} accepted the change but did not make it: ${said.join("; ")}.${partly}${why} A person must look at the record.`,
  );
}
