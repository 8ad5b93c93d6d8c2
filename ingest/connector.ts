/**
 * The contract between Plumbline and a vendor, and nothing else. A connector is a value: which vendor, which settings it needs,
 * and how to open a source. A stream says how to read one kind of record and how to translate it; a writer corrects one record.
 * Vendor words stop at `map` and at the writer.
 */

import type { z } from "zod";
import type { SourceConfig } from "#core/config";
import type { Entity, MappedData } from "#core/entities";
import type { Role } from "#core/roles";
import type { Clock, Instant } from "#core/time";
import type { Http } from "./http.ts";

export interface Connector<S = unknown> {
  vendor: string;
  /** The vendor's name as people write it. */
  label: string;
  roles: readonly Role[];
  /** What `settings` in the configuration may hold, with the vendor's documented defaults. */
  settings: z.ZodType<S>;
  open(source: SourceConfig, settings: S, deps: SourceDeps): Source;
}

export interface SourceDeps {
  http: Http;
  clock: Clock;
}

export interface Source {
  /** Tries the connection and what the configuration names on it; one entry per thing tried, in a person's words. */
  check(): Promise<CheckResult[]>;
  /** In dependency order: what others refer to comes first. */
  streams: readonly Stream[];
  writer: Writer | null;
  /**
   * Canonical fields this system does not hold at all, by entity: `{ project: ["start_on", "end_on"] }`. Nothing is concluded from
   * them being empty: comparisons leave them out. Known from the settings, without a call: a run may come before any reading.
   */
  lacks?: Readonly<Partial<Record<Entity, readonly string[]>>>;
  /** Of the fields that many systems do not hold (OPTIONAL_FIELDS), those this one fills, by entity. Known from the settings. */
  holds?: Readonly<Partial<Record<Entity, readonly string[]>>>;
  /**
   * Where the system keeps the key all systems agree on, in words its own people know, by entity; where one record names another by
   * that one's key, by both: `project>opportunity`. Left out where the system's own id is the key.
   */
  keyFields?: Readonly<Partial<Record<Entity | `${Entity}>${Entity}`, string>>>;
  /** Where a person can open a record in the vendor's own screens; null when there is none. */
  recordUrl(entity: Entity, nativeId: string): string | null;
}

export interface CheckResult {
  what: string;
  ok: boolean;
  /** What was found, or what is wrong and what to do. */
  message: string;
}

/** An opaque place in a stream, as JSON text. Only the stream that made it can read it. */
export type Bookmark = string;

export interface ReadOptions {
  /** Read everything, whatever the bookmark says. */
  full: boolean;
  signal: AbortSignal;
}

/** One answer's worth of records. `bookmark` is null unless resuming from it can lose nothing. */
export interface Page {
  records: readonly unknown[];
  bookmark: Bookmark | null;
  /** How many records the source says there are in all, when it says. */
  total?: number;
  /** Everything the source committed up to here is in this page or earlier ones; null while that cannot be said. */
  completeUntil: Instant | null;
  /**
   * Set on the last page of a read that listed every record the source has: what is stored and was not listed is gone. Only for a
   * stream whose deletions are found by a sweep and that has no `ids`.
   */
  everything?: true;
  /** What the source does not let be seen here, in a person's words: "It keeps no history of time." Shown beside the stream. */
  note?: string;
}

/** What every vendor record must carry to be stored at all. */
export type Identified =
  | { ok: true; nativeId: string; changedAt: Instant; deleted: boolean }
  | { ok: false; detail: string };

export interface Stream {
  /** The vendor's name for it: `Account`, `timebill`. */
  name: string;
  /** What it maps to: mostly one entity, or rows of the vendor's change log. */
  yields: Entity | "change";
  /** Other entities its records map to besides: a price list gives its lines. */
  also?: readonly Entity[];
  /** How the vendor tells of a deletion. `sweep`: by the id set it still has; `tombstones`: deleted rows arrive in `read`. */
  deletes: "tombstones" | "sweep" | "both" | "never";
  /** Most that one sweep may find missing before it is held back for a person to look at: a share, 0 to 1. */
  mayVanish: number;
  /** The fields `map` relies on, for noticing schema drift; other fields are kept in the raw record and noted once. */
  fields: readonly string[];
  identify(payload: unknown): Identified;
  read(from: Bookmark | null, options: ReadOptions): AsyncIterable<Page>;
  /** Pure and total: a payload gives records, or a reason. */
  map(payload: unknown): Mapped;
  /**
   * Every id the source has now, in pages; for `sweep`. Left out where listing ids costs as much as reading: a read that listed
   * everything says so on its last page instead.
   */
  ids?(signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** How many records the source counts with a change time on that UTC day, deleted ones left out. */
  countOn?(day: string): Promise<bigint>;
}

/** Every entity a stream's records map to; none for rows of a change log. */
export function entitiesOf({ yields, also = [] }: Pick<Stream, "yields" | "also">): readonly Entity[] {
  return yields === "change" ? also : [yields, ...also];
}

export type RejectReason =
  | "missing-key"
  | "not-an-object"
  | "bad-number"
  | "bad-date"
  | "out-of-range"
  | "unknown-value"
  | "wrong-shape";

export type Mapped =
  | { ok: true; records: readonly MappedRecord[]; changes?: readonly MappedChange[] }
  | { ok: false; reason: RejectReason; detail: string };

export type MappedRecord = { [E in Entity]: MappedOf<E> }[Entity];

export interface MappedOf<E extends Entity> {
  entity: E;
  nativeId: string;
  /** The id all systems agree on, as this system believes it; null when it holds none. */
  key: string | null;
  data: MappedData<E>;
  /** References this system already names by the agreed key: `{ customer_key: "001…" }`. Others are looked up by `…_ref`. */
  keys?: Readonly<Record<string, string>>;
  /** The record is gone although its payload is not (a day whose hours went to zero). */
  deleted?: boolean;
}

export interface MappedChange {
  entity: Entity;
  nativeId: string;
  changeId: string;
  /** Canonical field name, or `raw:<vendor field>`. */
  field: string;
  oldValue: string;
  newValue: string;
  /** The vendor's name or id of who did it. */
  actor: string;
  actorKind: "person" | "integration" | "unknown";
  changedAt: Instant;
}

/** Where a push goes. `nativeId` is null when the record is to be created. */
export interface WriteTarget {
  entity: Entity;
  nativeId: string | null;
  key: string;
}

/** Canonical field values as text; null is "not set". */
export type Values = Readonly<Record<string, string | null>>;

export interface Snapshot {
  exists: boolean;
  nativeId: string | null;
  values: Values;
  /** The vendor's own concurrency token, handed back to `write`; null when it has none. */
  token: string | null;
  /** Why this record may not be written now (posted, period closed, locked), in a person's words. */
  locked: string | null;
}

export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
}

/** The target system's own ids of records that a change points at, by `refName`. */
export type Refs = Readonly<Record<string, string>>;

/** A person's number and a task's may be alike, so a reference is known by what it points at and the agreed key. */
export function refName(entity: Entity, key: string): string {
  return `${entity} ${key}`;
}

export interface Change {
  target: WriteTarget;
  action: "update" | "create" | "delete";
  changes: readonly FieldChange[];
  /** What `…_key` changes point at. */
  refs: Refs;
  token: string | null;
  /** Stable over retries of the same push. */
  idempotencyKey: string;
}

export type WriteOutcome =
  | { outcome: "applied"; nativeId: string; receipt: string }
  /** The target moved since it was read; nothing was written. */
  | { outcome: "conflict"; actual: Values; message: string }
  /** The vendor refused, in its own words. */
  | { outcome: "rejected"; code: string; message: string }
  /** It cannot be told whether the write happened. */
  | { outcome: "unknown"; message: string };

export interface Writer {
  /** Entities and actions it can do: `assignment: ["update"]`. */
  can: Readonly<Partial<Record<Entity, readonly Change["action"][]>>>;
  /** A fresh read of the fields asked for. Finds by key when `nativeId` is null, so that a create never doubles. */
  read(target: WriteTarget, fields: readonly string[], refs: Refs): Promise<Snapshot>;
  /** Compare-and-set: writes only if every field still holds `from`. Never retried by itself. */
  write(change: Change): Promise<WriteOutcome>;
}
