/**
 * One object's rows. A row has the version its writer sees and the version readers see, which differ while a transaction is
 * still open; indexes hold what readers see, sorted by a date-time field and then by id.
 */
import type { Row } from "#sandbox/vendor-store";
import type { FieldSpec, Lookup, ObjectSpec } from "./metadata.ts";

export interface Entry {
  id: string;
  latest: Row;
  /** Null until the transaction that creates the row commits. */
  visible: Row | null;
  /** When the last open transaction on this row commits, epoch milliseconds; 0 when none is open. */
  openUntil: number;
}

export interface Deletion {
  id: string;
  at: number;
}

export interface Table {
  spec: ObjectSpec;
  formulas: readonly FieldSpec[];
  /** The field of that name in any case, as queries write it. */
  field(name: string): FieldSpec | undefined;
  /** The field reached through a relationship: `pse__Project__r`. */
  relationship(name: string): FieldSpec | undefined;
  entry(id: string): Entry | undefined;
  entries(): Iterable<Entry>;
  add(entry: Entry): void;
  /** Readers see this version from now on. */
  show(entry: Entry, row: Row): void;
  /** Forgets the row altogether, as emptying the recycle bin does. */
  drop(id: string): void;
  /** Entries readers see whose `field` lies in [from, to], in order of (field, id). */
  range(field: string, from: number, to: number): Entry[];
  /** What getDeleted lists, oldest first. */
  deletions: Deletion[];
  /** Start of the delete log: what was deleted before it is no longer listed. */
  deleteLogFrom: number;
}

export function createTable(spec: ObjectSpec): Table {
  const fields = new Map(spec.fields.map((f) => [f.name.toLowerCase(), f]));
  const relationships = new Map(
    spec.fields.flatMap((f) =>
      f.relationship === undefined ? [] : [[f.relationship.toLowerCase(), f] as const],
    ),
  );
  const entries = new Map<string, Entry>();
  const indexes = new Map<string, { sorted: Entry[]; stale: boolean }>();

  function index(field: string): Entry[] {
    let found = indexes.get(field);
    if (found === undefined) {
      found = { sorted: [...entries.values()].filter((e) => e.visible !== null), stale: true };
      indexes.set(field, found);
    }
    if (found.stale) {
      // Nearly sorted already: the sort is then close to linear.
      found.sorted.sort((a, b) => moment(a, field) - moment(b, field) || (a.id < b.id ? -1 : 1));
      found.stale = false;
    }
    return found.sorted;
  }

  return {
    spec,
    formulas: spec.fields.filter((f) => f.formula !== undefined),
    deletions: [],
    deleteLogFrom: 0,
    field: (name) => fields.get(name.toLowerCase()),
    relationship: (name) => relationships.get(name.toLowerCase()),
    entry: (id) => entries.get(id),
    entries: () => entries.values(),
    add: (entry) => void entries.set(entry.id, entry),
    show(entry, row) {
      const isNew = entry.visible === null;
      entry.visible = row;
      for (const i of indexes.values()) {
        if (isNew) i.sorted.push(entry);
        i.stale = true;
      }
    },
    drop(id) {
      entries.delete(id);
      indexes.clear();
    },
    range(field, from, to) {
      const sorted = index(field);
      return sorted.slice(firstAt(sorted, field, from), firstAt(sorted, field, to + 1));
    },
  };
}

function moment(entry: Entry, field: string): number {
  const value = entry.visible?.[field];
  return typeof value === "number" ? value : Number.NEGATIVE_INFINITY;
}

/** Position of the first entry whose field is at or after `at`. */
function firstAt(sorted: readonly Entry[], field: string, at: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (moment(sorted[middle] as Entry, field) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A field's value, formulas included. */
export function fieldValue(field: FieldSpec, row: Row, lookup: Lookup): unknown {
  return field.formula === undefined ? (row[field.name] ?? null) : field.formula(row, lookup);
}
