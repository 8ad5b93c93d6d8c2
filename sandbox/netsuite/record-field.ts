/**
 * The kinds of member a record can have, what a record type is made of, and short ways to write members down.
 */

/** `choice` maps the vendor's stored id to the label people see. `duration` is decimal hours, written `h:mm` in REST. */
export type FieldKind =
  | { is: "text" | "number" | "bool" | "date" | "instant" | "duration" }
  | { is: "ref"; to: readonly string[] }
  | { is: "choice"; labels: Readonly<Record<string, string>> };

export interface Field {
  kind: FieldKind;
  /** Name in `systemnote.field` when edits of this member leave a note. */
  note?: string;
  /** The vendor fills it in; whatever a request says about it is ignored. */
  readOnly?: boolean;
  /** Kept in the table but no member of the REST record. */
  sqlOnly?: boolean;
}

export interface Sublist {
  /** Member of the REST record; the store keeps the lines under `lines`. */
  member: string;
  fields: Readonly<Record<string, Field>>;
}

export interface RecordType {
  name: string;
  /** `full`: create, change and delete. `read`: the integration's role may only look. `none`: not a REST record at all. */
  rest: "full" | "read" | "none";
  /** Types of one space share one sequence of internal ids, as entities and transactions do. */
  idSpace: string;
  fields: Readonly<Record<string, Field>>;
  sublist?: Sublist;
  created?: "dateCreated" | "createdDate";
  /** `systemnote.recordtypeid`; without it edits of this type leave no notes. */
  noteTypeId?: number;
  /** Members a create must carry, with the label the vendor's message uses. */
  required?: Readonly<Record<string, string>>;
  /** Member whose value no two records of this type may share. */
  unique?: string;
  /** The member that names a record to people (`refName`, `BUILTIN.DF`). */
  title: string;
}

export const text = (note?: string): Field => field({ is: "text" }, note);
export const number = (note?: string): Field => field({ is: "number" }, note);
export const bool = (note?: string): Field => field({ is: "bool" }, note);
export const date = (note?: string): Field => field({ is: "date" }, note);
export const instant = (): Field => ({ kind: { is: "instant" } });
export const stamp = (): Field => ({ kind: { is: "instant" }, readOnly: true });
export const ref = (to: string | readonly string[], note?: string): Field =>
  field({ is: "ref", to: typeof to === "string" ? [to] : to }, note);
export const choice = (labels: Readonly<Record<string, string>>, note?: string): Field =>
  field({ is: "choice", labels }, note);

function field(kind: FieldKind, note: string | undefined): Field {
  return note === undefined ? { kind } : { kind, note };
}

/** Members nearly every record has. */
export const common = { externalId: text(), lastModifiedDate: stamp() };
