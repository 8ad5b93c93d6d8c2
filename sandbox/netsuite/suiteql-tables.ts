/**
 * The tables SuiteQL sees and the columns each has: lower-case names, ids as numbers, check boxes as T and F, times on
 * the account's wall clock. Records map member by member; transactions, their lines and the logs are put together here.
 */
import type { Account, Entry, View } from "./account.ts";
import { DELETED_RECORD, deletedRecords, SYSTEM_NOTE, systemNotes } from "./log-tables.ts";
import type { Field, RecordType } from "./record-field.ts";
import { recordTypes } from "./record-types.ts";
import { idOf, type Kind, mapped, type Plain, type Value } from "./suiteql-value.ts";
import { TRANSACTION, TRANSACTION_LINE, transactionLines, transactions } from "./transaction-tables.ts";
import { shown } from "./values.ts";
import { wallOfDate } from "./zone.ts";

export interface Column {
  kind: Kind;
  get(entry: Entry): Value;
  /** What BUILTIN.DF shows. */
  display(entry: Entry): string | null;
}

export interface Table {
  name: string;
  columns: ReadonlyMap<string, Column>;
  rows: readonly Entry[];
  /** Column whose order `inOrder` follows, then id: the index that makes incremental reads cheap. */
  orderedBy: string | null;
  inOrder(): readonly Entry[];
}

/** Columns other names reach, or that every account has though this one leaves them empty. */
const EXTRA: Readonly<Record<string, { alias?: Record<string, string>; empty?: readonly string[] }>> = {
  job: { alias: { customer: "parent" }, empty: ["billingschedule", "actualtime"] },
  timeBill: { empty: ["class", "department", "location"] },
};

type Rows = { rows: readonly Entry[]; ordered: readonly Entry[] | null };

/** Looks tables up by lower-case name. Rows and their order are kept until something is written. */
export function createTables(account: Account): (view: View, name: string) => Table | null {
  const recordTables = new Map<string, RecordType>(
    [...recordTypes.values()]
      .filter((t) => t.idSpace !== "transaction")
      .map((t) => [t.name.toLowerCase(), t]),
  );
  const kept = new Map<string, Rows & { version: string }>();

  function rowsOf(view: View, name: string, make: () => readonly Entry[]): Rows {
    const known = kept.get(name);
    if (known?.version === view.version) return known;
    const fresh = { version: view.version, rows: make(), ordered: null };
    kept.set(name, fresh);
    return fresh;
  }

  function table(
    view: View,
    name: string,
    columns: Map<string, Column>,
    make: () => readonly Entry[],
  ): Table {
    const held = rowsOf(view, name, make);
    return {
      name,
      columns,
      rows: held.rows,
      orderedBy: columns.has("lastmodifieddate") ? "lastmodifieddate" : null,
      inOrder() {
        held.ordered ??= [...held.rows].sort((a, b) => a.modified - b.modified || a.num - b.num);
        return held.ordered;
      },
    };
  }

  return (view, name) => {
    const type = recordTables.get(name);
    if (type !== undefined)
      return table(view, name, recordColumns(account, view, type), () => view.entries(type.name));
    if (name === "transaction") {
      return table(view, name, plainColumns(account, view, TRANSACTION), () => transactions(account, view));
    }
    if (name === "transactionline") {
      return table(view, name, plainColumns(account, view, TRANSACTION_LINE), () => transactionLines(view));
    }
    if (name === "systemnote") {
      return table(view, name, plainColumns(account, view, SYSTEM_NOTE), () => systemNotes(account));
    }
    if (name === "deletedrecord" && account.deletedRecordTable) {
      return table(view, name, plainColumns(account, view, DELETED_RECORD), () => deletedRecords(account));
    }
    if (name === "dual") return table(view, name, new Map(), () => [{ row: {}, num: 0, modified: 0 }]);
    return null;
  };
}

function columnOf(account: Account, view: View, field: Field, name: string): Column {
  const display = (e: Entry) => shown(field, e.row[name], account.zone, view.titleOf);
  const raw = (e: Entry) => e.row[name] ?? null;
  switch (field.kind.is) {
    case "ref":
      return { kind: "id", display, get: (e) => idOf(raw(e)) };
    case "bool":
      return { kind: "text", display, get: (e) => (raw(e) === true ? "T" : "F") };
    case "date":
      return { kind: "time", display, get: (e) => mapped(raw(e), (v) => wallOfDate(String(v))) };
    case "instant":
      return { kind: "time", display, get: (e) => mapped(raw(e), (v) => account.zone.wallOf(Number(v))) };
    case "number":
    case "duration":
      return { kind: "number", display, get: (e) => mapped(raw(e), String) };
    default:
      return { kind: "text", display, get: (e) => mapped(raw(e), String) };
  }
}

const idColumn: Column = { kind: "id", get: (e) => e.num, display: (e) => String(e.num) };

function recordColumns(account: Account, view: View, type: RecordType): Map<string, Column> {
  const columns = new Map<string, Column>([["id", idColumn]]);
  for (const [name, field] of Object.entries(type.fields)) {
    columns.set(name.toLowerCase(), columnOf(account, view, field, name));
  }
  const stamp = columns.get("lastmodifieddate");
  if (stamp !== undefined) columns.set("lastmodifieddate", { ...stamp, get: (e) => e.modified });
  const extra = EXTRA[type.name];
  for (const [alias, name] of Object.entries(extra?.alias ?? {})) {
    const column = columns.get(name);
    if (column !== undefined) columns.set(alias, column);
  }
  for (const name of extra?.empty ?? [])
    columns.set(name, { kind: "id", get: () => null, display: () => null });
  return columns;
}

function plainColumns(account: Account, view: View, plain: Plain): Map<string, Column> {
  const columns = new Map<string, Column>();
  for (const [name, spec] of Object.entries(plain)) {
    const get = (e: Entry): Value => (e.row[name] as Value | undefined) ?? null;
    if (typeof spec === "string") {
      const display = (e: Entry) => (get(e) === null ? null : String(get(e)));
      columns.set(name, { kind: spec, get, display });
    } else if ("refers" in spec) {
      const field: Field = { kind: { is: "ref", to: spec.refers } };
      columns.set(name, {
        kind: "id",
        get,
        display: (e) => shown(field, get(e), account.zone, view.titleOf),
      });
    } else {
      columns.set(name, { kind: "text", get, display: (e) => String(e.row[spec.displayedAs] ?? "") || null });
    }
  }
  return columns;
}
