/**
 * A Salesforce org in memory: rows with the vendor's stamps, ids, history, tombstones and late commits. What the firm writes
 * here, the server in `server.ts` lets others read and change over HTTP. Checks on what callers may write are the API's.
 */
import type { Clock } from "#core/time";
import type { Row, VendorStore, WriteMark } from "#sandbox/vendor-store";
import { automate } from "./automation.ts";
import { historyLines } from "./history.ts";
import { normalId, recordId } from "./ids.ts";
import type { FieldSpec, Lookup, ObjectSpec } from "./metadata.ts";
import { CATALOGUE } from "./objects/catalogue.ts";
import { BadValue, storedValue } from "./stored-values.ts";
import { createTable, type Entry, fieldValue, type Table } from "./table.ts";

export interface OrgOptions {
  clock: Clock;
  /** The External Client App that may log in, by client credentials. */
  client: { id: string; secret: string };
  /** Most rows on a page, up to 2000 (the default). */
  pageSize?: number;
  /** How long a token lives; default two hours. */
  tokenTtlMs?: number;
  /** API calls allowed in a rolling day; default 1,000,000. */
  dailyRequests?: number;
  /** How far getUpdated and getDeleted stay behind the clock; default one minute. */
  coverageLagMs?: number;
  /** Name of the user an API caller acts as. Default "Integration User". */
  apiUserName?: string;
}

/**
 * The store the firm writes to, plus what the API needs. `get` and `rows` show the newest version of every row that is not
 * deleted, formulas evaluated, whether or not its transaction has committed.
 */
export interface Org extends VendorStore {
  readonly clock: Clock;
  readonly settings: Required<Omit<OrgOptions, "clock" | "apiUserName">>;
  readonly organizationId: string;
  /** The user an API caller acts as. */
  readonly apiUserId: string;
  readonly specs: readonly ObjectSpec[];
  /** An object by its API name in any case; undefined when the org lacks it or hides it from the API user. */
  table(name: string): Table | undefined;
  /** Finds a row as readers see it, deleted rows included. */
  readonly lookup: Lookup;
  /** Commits the transactions whose time has come. Every read does this first. */
  settle(): void;
  /** Start of the oldest transaction still open, or null. */
  openSince(): number | null;
  /** Takes an object (`Contract_Rate__c`) or a field (`Account.Phone`) out of the API user's sight. */
  hide(name: string): void;
  isHidden(type: string, field: string): boolean;
  /** A background job of the package: moves SystemModstamp of rows without changing anything. */
  recalculate(type: string, ids: readonly string[], at: number): void;
  /** Drops what was deleted before `before` from the delete log. */
  purgeDeleteLog(type: string, before: number): void;
  /** Removes soft-deleted rows for good; the delete log still lists them. */
  emptyRecycleBin(type: string): void;
}

interface OpenTransaction {
  at: number;
  visibleAt: number;
  commit(): void;
}

export function createOrg(options: OrgOptions): Org {
  const tables = new Map(CATALOGUE.map((spec) => [spec.name.toLowerCase(), createTable(spec)]));
  const sequences = new Map<string, number>();
  const autoNumbers = new Map<FieldSpec, number>();
  const hidden = new Set<string>();
  let open: OpenTransaction[] = [];
  const apiUserId = nextId("005");

  function tableOf(type: string): Table {
    const table = tables.get(type.toLowerCase());
    if (table === undefined) throw new BadValue(`The org has no object ${type}`);
    return table;
  }
  function entryOf(table: Table, id: string): Entry {
    const entry = table.entry(normalId(id) ?? id);
    if (entry === undefined || entry.latest.IsDeleted === true) {
      throw new BadValue(`The org has no ${table.spec.name} ${id}`);
    }
    return entry;
  }
  function nextId(prefix: string): string {
    const sequence = (sequences.get(prefix) ?? 0) + 1;
    sequences.set(prefix, sequence);
    return recordId(prefix, sequence);
  }

  const newest: Lookup = (type, id) => tables.get(type.toLowerCase())?.entry(String(id))?.latest;
  const seen: Lookup = (type, id) => tables.get(type.toLowerCase())?.entry(String(id))?.visible ?? undefined;
  const withFormulas = (table: Table, row: Row): Row => {
    const all = { ...row };
    for (const f of table.formulas) all[f.name] = fieldValue(f, row, newest);
    return all;
  };

  /** Runs `commit` now, or when the transaction's time comes. A row's transactions commit in the order they began. */
  function transact(mark: WriteMark, entry: Entry, commit: () => void): void {
    const visibleAt = Math.max(mark.visibleAt ?? mark.at, entry.openUntil);
    if (visibleAt <= options.clock.now()) {
      commit();
      return;
    }
    entry.openUntil = visibleAt;
    open.push({ at: mark.at, visibleAt, commit });
    open.sort((a, b) => a.visibleAt - b.visibleAt);
  }
  function settle(): void {
    const now = options.clock.now();
    if (open[0] === undefined || open[0].visibleAt > now) return;
    const due = open.filter((t) => t.visibleAt <= now);
    open = open.filter((t) => t.visibleAt > now);
    for (const transaction of due) transaction.commit();
  }

  function newRow(table: Table, id: string, mark: WriteMark): Row {
    const row: Row = {};
    for (const f of table.spec.fields) {
      if (f.formula !== undefined) continue;
      row[f.name] = f.initial ?? (f.type === "boolean" ? false : null);
      if (f.autoNumber !== undefined) row[f.name] = autoNumber(f, mark.at);
    }
    return {
      ...row,
      ...("OwnerId" in row ? { OwnerId: mark.by } : {}),
      Id: id,
      CreatedDate: toSecond(mark.at),
      CreatedById: mark.by,
    };
  }
  function autoNumber(field: FieldSpec, at: number): string {
    const number = (autoNumbers.get(field) ?? 0) + 1;
    autoNumbers.set(field, number);
    const [year, month, day] = new Date(at).toISOString().slice(0, 10).split("-");
    return (field.autoNumber ?? "")
      .replace("{YYYY}", year ?? "")
      .replace("{MM}", month ?? "")
      .replace("{DD}", day ?? "")
      .replace(/\{(0+)\}/, (_all, zeros: string) => String(number).padStart(zeros.length, "0"));
  }

  function store(table: Table, id: string, latest: Row): Entry {
    let entry = table.entry(id);
    if (entry === undefined) {
      entry = { id, latest, visible: null, openUntil: 0 };
      table.add(entry);
    }
    entry.latest = latest;
    return entry;
  }

  function write(type: string, id: string | null, fields: Row, mark: WriteMark): string {
    settle();
    const table = tableOf(type);
    const given = checked(table, fields);
    const existing = id === null ? null : entryOf(table, id);
    const before = existing?.latest ?? null;
    const rowId = existing?.id ?? nextId(table.spec.prefix);
    const latest: Row = {
      ...(before ?? newRow(table, rowId, mark)),
      ...given,
      ...automate(table.spec.name, before, given, mark.at),
      ...stamps(mark),
    };
    const log = historyRows(table, before, latest, mark);
    const entry = store(table, rowId, latest);
    transact(mark, entry, () => {
      table.show(entry, latest);
      for (const line of log) tableOf(line.type).show(line.entry, line.entry.latest);
    });
    return rowId;
  }

  function historyRows(table: Table, before: Row | null, after: Row, mark: WriteMark) {
    const { history } = table.spec;
    if (history === undefined) return [];
    return historyLines(table.spec, before, after, newest).map((line) => {
      const id = nextId("017");
      const row: Row = {
        Id: id,
        IsDeleted: false,
        CreatedDate: toSecond(mark.at),
        CreatedById: mark.by,
        [history.parentField]: after.Id,
        ...line,
      };
      return { type: history.object, entry: store(tableOf(history.object), id, row) };
    });
  }

  const org: Org = {
    clock: options.clock,
    settings: {
      client: options.client,
      pageSize: Math.min(options.pageSize ?? 2000, 2000),
      tokenTtlMs: options.tokenTtlMs ?? 7_200_000,
      dailyRequests: options.dailyRequests ?? 1_000_000,
      coverageLagMs: options.coverageLagMs ?? 60_000,
    },
    organizationId: recordId("00D", 1),
    apiUserId,
    specs: CATALOGUE,
    lookup: seen,
    settle,
    write,
    table: (name) => (hidden.has(name.toLowerCase()) ? undefined : tables.get(name.toLowerCase())),
    openSince: () => (open.length === 0 ? null : Math.min(...open.map((t) => t.at))),
    hide: (name) => void hidden.add(name.toLowerCase()),
    isHidden: (type, field) => hidden.has(`${type}.${field}`.toLowerCase()),
    get(type, id) {
      const table = tableOf(type);
      const row = table.entry(normalId(id) ?? id)?.latest;
      return row === undefined || row.IsDeleted === true ? undefined : withFormulas(table, row);
    },
    *rows(type) {
      const table = tableOf(type);
      for (const entry of table.entries())
        if (entry.latest.IsDeleted !== true) yield withFormulas(table, entry.latest);
    },
    remove(type, id, mark) {
      settle();
      const table = tableOf(type);
      const entry = entryOf(table, id);
      const latest = { ...entry.latest, IsDeleted: true, ...stamps(mark) };
      entry.latest = latest;
      transact(mark, entry, () => {
        table.show(entry, latest);
        table.deletions.push({ id: entry.id, at: toSecond(mark.at) });
      });
    },
    recalculate(type, ids, at) {
      settle();
      const table = tableOf(type);
      for (const id of ids) {
        const entry = entryOf(table, id);
        const latest = { ...entry.latest, SystemModstamp: toSecond(at) };
        entry.latest = latest;
        // The job waits for a row somebody else is saving.
        transact({ at, by: apiUserId }, entry, () => table.show(entry, latest));
      }
    },
    purgeDeleteLog(type, before) {
      const table = tableOf(type);
      table.deleteLogFrom = Math.max(table.deleteLogFrom, before);
      table.deletions = table.deletions.filter((d) => d.at >= before);
    },
    emptyRecycleBin(type) {
      settle();
      const table = tableOf(type);
      const gone = [...table.entries()].filter((e) => e.visible?.IsDeleted === true);
      for (const entry of gone) table.drop(entry.id);
    },
  };

  const name = options.apiUserName ?? "Integration User";
  // Older than anything the firm did.
  const mark = { at: Date.parse("2020-01-01T00:00:00Z"), by: apiUserId };
  const users = tableOf("User");
  const user = store(users, apiUserId, {
    ...newRow(users, apiUserId, mark),
    ...stamps(mark),
    Name: name,
    Username: `${name.toLowerCase().replaceAll(" ", ".")}@acme-ps.example`,
  });
  users.show(user, user.latest);
  return org;
}

function checked(table: Table, fields: Row): Row {
  const out: Row = {};
  for (const [name, value] of Object.entries(fields)) {
    const field = table.field(name);
    if (field === undefined) throw new BadValue(`${table.spec.name} has no field ${name}`);
    if (field.formula !== undefined) throw new BadValue(`${table.spec.name}.${name} is a formula`);
    out[field.name] = storedValue(field, value);
  }
  return out;
}

function stamps(mark: WriteMark): Row {
  const at = toSecond(mark.at);
  return { LastModifiedDate: at, LastModifiedById: mark.by, SystemModstamp: at };
}

/** Stamps print milliseconds and hold whole seconds. */
export function toSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
