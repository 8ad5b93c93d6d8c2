/**
 * The form in which records are kept, so that one record looks the same whichever way it was read: by a list, alone, or from the
 * change feed. Members in one order, custom fields by id, nothing where there is nothing. Names of other records, sums over other
 * records and what is personal are left out: they would make a record look changed that nobody touched.
 */

import { type Instant, instantOf } from "#core/time";
import type { Identified } from "../connector.ts";
import { instantMs, isObject, quote } from "../payload.ts";
import type { Json } from "./client.ts";

/** Members that name another record whose name may change. */
const REFERENCES = new Set(["project", "user", "author", "assigned_to", "parent", "issue"]);
const LEFT_OUT = new Set([
  "attachments",
  "avatar_url",
  "api_key",
  "description",
  "homepage",
  "journals",
  "last_login_on",
  "lock_version",
  "mail",
  "passwd_changed_on",
  "relations",
  "spent_hours",
  "total_estimated_hours",
  "total_spent_hours",
  "twofa_scheme",
]);

/** A record in that form. `more`: what mapping needs from other records, read beside it. */
export function kept(row: Json, more: Json = {}): Json {
  const members: [string, unknown][] = [];
  for (const [name, value] of Object.entries(row)) {
    if (value === null || value === undefined || LEFT_OUT.has(name)) continue;
    if (name === "custom_fields" && Array.isArray(value))
      members.push([name, value.filter(isObject).sort(byId)]);
    else if (REFERENCES.has(name) && isObject(value)) members.push([name, { id: value.id }]);
    else members.push([name, value]);
  }
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...Object.fromEntries(members), ...more };
}

const byId = (a: Json, b: Json) => Number(a.id) - Number(b.id);

/** The id of a record or of what a member refers to (`{"id": 7}`); null when there is none. */
export function idIn(value: unknown): number | null {
  return isObject(value) && typeof value.id === "number" ? value.id : null;
}

/** The `updated_on` of a record in epoch milliseconds, null when it has none. */
export function updatedMs(row: Json): number | null {
  return typeof row.updated_on === "string" ? instantMs(row.updated_on) : null;
}

/** Carries a change time beside a record without being part of it: what is stored is the record alone. */
const STAMP = Symbol("change time");

/** The record with the change time it is to be stored under. */
export function stamped(record: Json, at: number): Json {
  return { ...record, [STAMP]: instantOf(at) };
}

/** For every kind of record: its id, the change time it was given or its `updated_on`, and whether it says that it is gone. */
export function identify(payload: unknown): Identified {
  if (!isObject(payload)) return { ok: false, detail: `Expected a record, got ${quote(payload)}.` };
  const id = idIn(payload);
  if (id === null) return { ok: false, detail: "The record has no id." };
  const given = (payload as { [STAMP]?: Instant })[STAMP];
  const updated = updatedMs(payload);
  if (given === undefined && updated === null)
    return { ok: false, detail: `The record ${id} has no time of its last change.` };
  return {
    ok: true,
    nativeId: String(id),
    changedAt: given ?? instantOf(updated ?? 0),
    deleted: payload.deleted === true,
  };
}

export interface Stamper {
  /** The change time of a record that Redmine says was changed at `updated`. */
  of(updated: number): number;
  /** The newest one given so far and before. */
  newest(): number | null;
}

/**
 * Not every change moves `updated_on`: closing a project does not, nor does what is read beside a record. Where it has not moved past
 * what earlier reads have seen, the time of this read is given, which is an upper bound; a record that reads as it did before is
 * stored only once whatever time it is given.
 * @param before the newest change time earlier reads gave; null: there is none to compare with
 */
export function stamper(before: number | null, readAt: number): Stamper {
  let newest = before;
  return {
    of(updated) {
      const at = before === null || updated > before ? updated : Math.max(readAt, before + 1);
      newest = newest === null ? at : Math.max(newest, at);
      return at;
    },
    newest: () => newest,
  };
}
