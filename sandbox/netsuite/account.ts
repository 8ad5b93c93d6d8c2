/**
 * One NetSuite account in memory: rows with stamps, what each transaction makes visible when, system notes, and the
 * tombstones deletes leave. It is the firm's `VendorStore` (sees everything, obeys no business rule) and, through
 * `view()`, what the HTTP side reads: only what has been committed by the account's clock.
 */
import type { KeyObject } from "node:crypto";
import { parseDecimal } from "#core/decimal";
import { InvariantError } from "#core/errors";
import type { Clock } from "#core/time";
import type { Row, VendorStore, WriteMark } from "../vendor-store.ts";
import { publicKeyFrom } from "./certificate.ts";
import { createNoteBook, type NoteBook } from "./note-book.ts";
import type { Field, RecordType } from "./record-field.ts";
import { recordTypes } from "./record-types.ts";
import { fieldOf, kept, shown } from "./values.ts";
import { createZone, type WallTime, type Zone } from "./zone.ts";

export interface AccountOptions {
  clock: Clock;
  /** As the vendor writes it: `1234567`, or `1234567_SB1` for one of its sandboxes. */
  accountId: string;
  /** IANA name of the zone SuiteQL speaks in. */
  timeZone: string;
  /** OAuth client (the `iss` of an assertion) and the certificate mapped to it; `publicKey` is PEM text or a JWK. */
  clientId: string;
  certificate: { kid: string; publicKey: string | Record<string, unknown> };
  /** Requests the account serves at once. Default 5, the least any account has. */
  concurrency?: number;
  /** Rows a page holds at most. Default 1000, the vendor's. */
  pageSize?: number;
  /** Whether SuiteQL has a `deletedrecord` table. Default true. */
  deletedRecordTable?: boolean;
}

/** One committed version of a record. `num` is its id as a number, `modified` its stamp on the account's wall clock. */
export interface Entry {
  row: Row;
  num: number;
  modified: WallTime;
}

interface Version {
  entry: Entry | null;
  visibleAt: number;
  older: Version | null;
}

/** The committed state at one moment. */
export interface View {
  /** Changes whenever a read could answer differently. */
  version: string;
  entry(type: string, id: string): Entry | undefined;
  entries(type: string): readonly Entry[];
  byExternalId(type: string, externalId: string): Entry | undefined;
  /** Id of the record that holds an external id, committed or not. */
  externalIdOwner(type: string, externalId: string): string | null;
  /** Someone's later version of the record is still on its way to being committed. */
  isBeingChanged(type: string, id: string): boolean;
  titleOf(types: readonly string[], id: string): string | null;
}

export interface Account extends VendorStore {
  readonly accountId: string;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly clientId: string;
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly concurrency: number;
  readonly pageSize: number;
  readonly deletedRecordTable: boolean;
  /** Whom REST and RESTlet writes are attributed to; use it as `mark.by` for what the integration does. */
  readonly integrationUser: string;
  readonly notes: NoteBook;
  view(): View;
}

const CONSULTING_ITEM = "88";
const INTEGRATION_USER = "-5";

/** An empty account, save for the service item 88 Consulting. Throws ConfigError when the certificate cannot be read. */
export function createAccount(options: AccountOptions): Account {
  const zone = createZone(options.timeZone);
  const heads = new Map<string, Map<string, Version>>([...recordTypes.keys()].map((t) => [t, new Map()]));
  const externalIds = new Map<string, Map<string, string>>(
    [...recordTypes.keys()].map((t) => [t, new Map()]),
  );
  const lastIds = new Map<string, number>();
  const caches = new Map<string, { version: string; entries: Entry[] }>();
  /** Instants at which something written becomes visible later than now, so that caches know when they go stale. */
  let pending: number[] = [];
  let writes = 0;

  const headsOf = (type: string) => heads.get(type) ?? unknownType(type);
  const latest = (type: string, id: string) => headsOf(type).get(id)?.entry ?? undefined;

  function visible(version: Version | undefined, now: number): Entry | undefined {
    let v = version ?? null;
    while (v !== null && v.visibleAt > now) v = v.older;
    return v?.entry ?? undefined;
  }

  function titleWith(entryOf: (type: string, id: string) => Entry | undefined) {
    return function titleOf(types: readonly string[], id: string): string | null {
      for (const name of types) {
        const row = entryOf(name, id)?.row;
        if (row === undefined) continue;
        const title = String(row[typeNamed(name).title] ?? row.name ?? id);
        const parent = name === "job" && types.includes("customer") ? row.parent : undefined;
        // Where a member may hold a customer or its project, a project is shown with its customer before it.
        return typeof parent === "string" ? `${titleOf(["customer"], parent) ?? parent} : ${title}` : title;
      }
      return null;
    };
  }
  const latestTitle = titleWith(latest);
  const notes = createNoteBook({
    zone,
    isIntegration: (user) => user === INTEGRATION_USER,
    show: (field, value) => shown(field, value, zone, latestTitle),
  });

  function nextId(space: string): string {
    const next = (lastIds.get(space) ?? 0) + 1;
    lastIds.set(space, next);
    return String(next);
  }

  function put(type: RecordType, id: string, entry: Entry | null, mark: WriteMark): void {
    const all = headsOf(type.name);
    const visibleAt = mark.visibleAt ?? mark.at;
    const now = options.clock.now();
    const before = all.get(id) ?? null;
    // Versions nobody can read any more are let go; the newest readable one stays under a version still on its way.
    let older = before;
    while (older !== null && older.visibleAt > now) older = older.older;
    if (older !== null) older.older = null;
    all.set(id, { entry, visibleAt, older: visibleAt > now ? before : null });
    if (visibleAt > now) pending.push(visibleAt);
    writes += 1;
  }

  function claimExternalId(type: RecordType, id: string, before: unknown, after: unknown): void {
    if (before === after) return;
    const index = externalIds.get(type.name) ?? new Map<string, string>();
    if (typeof after === "string") {
      const owner = index.get(after);
      if (owner !== undefined && owner !== id) {
        throw new InvariantError(
          "sandbox.external-id",
          `${type.name} ${owner} already has external id ${after}`,
        );
      }
      index.set(after, id);
    }
    if (typeof before === "string") index.delete(before);
  }

  const account: Account = {
    accountId: options.accountId,
    clock: options.clock,
    zone,
    clientId: options.clientId,
    kid: options.certificate.kid,
    publicKey: publicKeyFrom(options.certificate.publicKey),
    concurrency: options.concurrency ?? 5,
    pageSize: options.pageSize ?? 1000,
    deletedRecordTable: options.deletedRecordTable ?? true,
    integrationUser: INTEGRATION_USER,
    notes,

    write(typeName, givenId, fields, mark) {
      const type = typeNamed(typeName);
      const id = givenId ?? nextId(type.idSpace);
      if (!/^\d+$/.test(id))
        throw new InvariantError("sandbox.bad-id", `NetSuite ids are numbers, not ${id}`);
      if (givenId !== null) lastIds.set(type.idSpace, Math.max(lastIds.get(type.idSpace) ?? 0, Number(id)));
      if (!/^-?\d+$/.test(mark.by)) {
        throw new InvariantError(
          "sandbox.bad-user",
          `NetSuite users are known by internal ids, not as ${mark.by}`,
        );
      }
      const before = latest(type.name, id)?.row;
      const row: Row = { ...before, ...keptFields(type, fields), id, lastModifiedDate: mark.at };
      if (type.created !== undefined) row[type.created] = before?.[type.created] ?? mark.at;
      claimExternalId(type, id, before?.externalId, row.externalId);
      put(type, id, { row, num: Number(id), modified: zone.wallOf(mark.at) }, mark);
      notes.recordEdit(type, id, before, row, mark);
      return id;
    },

    remove(typeName, id, mark) {
      const type = typeNamed(typeName);
      const before = latest(type.name, id)?.row;
      if (before === undefined)
        throw new InvariantError("sandbox.no-record", `No ${type.name} ${id} to delete`);
      claimExternalId(type, id, before.externalId, null);
      put(type, id, null, mark);
      notes.recordDelete(type, id, before, mark);
    },

    get: (type, id) => latest(type, id)?.row,

    *rows(type) {
      for (const { entry } of headsOf(type).values()) if (entry !== null) yield entry.row;
    },

    view() {
      const now = options.clock.now();
      if (pending.some((at) => at <= now)) {
        pending = pending.filter((at) => at > now);
        writes += 1;
      }
      const version = String(writes);
      const entryOf = (type: string, id: string) => visible(headsOf(type).get(id), now);
      return {
        version,
        entry: entryOf,
        titleOf: titleWith(entryOf),
        externalIdOwner: (type, externalId) => externalIds.get(type)?.get(externalId) ?? null,
        isBeingChanged: (type, id) => (headsOf(type).get(id)?.visibleAt ?? now) > now,
        entries(type) {
          const cached = caches.get(type);
          if (cached?.version === version) return cached.entries;
          const entries: Entry[] = [];
          for (const head of headsOf(type).values()) {
            const entry = visible(head, now);
            if (entry !== undefined) entries.push(entry);
          }
          caches.set(type, { version, entries });
          return entries;
        },
        byExternalId(type, externalId) {
          const id = externalIds.get(type)?.get(externalId);
          const entry = id === undefined ? undefined : entryOf(type, id);
          return entry?.row.externalId === externalId ? entry : undefined;
        },
      };
    },
  };
  account.write("item", CONSULTING_ITEM, { itemId: "Consulting" }, { at: 0, by: INTEGRATION_USER });
  return account;
}

function unknownType(name: string): never {
  throw new InvariantError("sandbox.unknown-type", `This NetSuite account has no record type ${name}`);
}

function typeNamed(name: string): RecordType {
  return recordTypes.get(name) ?? unknownType(name);
}

/** The given members in the form the account keeps; a name or value that fits nothing is a mistake in the firm's code. */
function keptFields(type: RecordType, fields: Row): Row {
  const out: Row = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || name === "id") continue;
    if (name === "lines") {
      out.lines = keptLines(type, value);
      continue;
    }
    out[name] = keptMember(type.name, fieldOf(type, name), name, value);
  }
  return out;
}

function keptMember(where: string, field: Field | undefined, name: string, value: unknown): unknown {
  const result = field === undefined ? undefined : kept(field, value);
  return result === undefined ? badMember(where, name, value) : result;
}

/** A transaction's lines, or a rate card's: `[{ billingClassId, prices: { <currency id>: "225.00" } }]`. */
function keptLines(type: RecordType, value: unknown): unknown {
  if (!Array.isArray(value)) return badMember(type.name, "lines", value);
  const lines = value as Row[];
  const { sublist } = type;
  if (sublist !== undefined) {
    return lines.map((line) =>
      Object.fromEntries(
        Object.entries(line)
          .filter(([, v]) => v !== undefined)
          .map(([name, v]) => [name, keptMember(`${type.name} line`, sublist.fields[name], name, v)]),
      ),
    );
  }
  const isCardLine = (line: Row) =>
    typeof line.billingClassId === "string" &&
    typeof line.prices === "object" &&
    line.prices !== null &&
    Object.values(line.prices).every((price) => parseDecimal(price) !== null);
  return type.name === "billingRateCard" && lines.every(isCardLine)
    ? lines
    : badMember(type.name, "lines", value);
}

function badMember(where: string, name: string, value: unknown): never {
  throw new InvariantError(
    "sandbox.bad-member",
    `NetSuite ${where} takes no ${name} = ${JSON.stringify(value)}`,
  );
}
