/**
 * From a vendor's record to canonical records, for one version of one record. Total: whatever comes in, out come records or a reason.
 * What a connector's mapping gives is checked here against the vocabulary, so that one bad value becomes one reject and not a batch
 * that the store refuses.
 */
import { z } from "zod";
import { fixed } from "#core/decimal";
import { ENTITY_SCHEMAS, type Entity, NO_DATE, NO_INSTANT, OPTIONAL_FIELDS } from "#core/entities";
import { stableId } from "#core/ids";
import { type Instant, instantOf } from "#core/time";
import { decimalDigits } from "#sql/tables";
import type { Mapped, MappedRecord, RejectReason, Stream } from "./connector.ts";

/** One version of one vendor record. */
export interface Version {
  /** The vendor's id; begins with KEYLESS when the record carries none. */
  nativeId: string;
  rawId: string;
  changedAt: Instant;
  deleted: boolean;
  payload: unknown;
  /** The payload as the raw log keeps it. */
  text: string;
}

export type Translation = Extract<Mapped, { ok: true }> | { ok: false; reason: RejectReason; detail: string };

/** What the id of a record begins with that came without one; the rest is a hash of its payload. */
export const KEYLESS = "missing-key:";

/** DateTime64(3) holds 1900 to 2299; a version counts from 1970. */
const EARLIEST_MS = 0;
const LATEST_MS = Date.parse("2299-12-31T23:59:59Z");

/** Identify a record as it came. A record that cannot be identified gets an id made of its payload, so that it is kept once. */
export function versionOf(sourceId: string, stream: Stream, payload: unknown): Version {
  const text = JSON.stringify(payload) ?? "null";
  const found = identified(stream, payload);
  const nativeId = found.ok ? found.nativeId : KEYLESS + stableId(text);
  const changedAt = found.ok ? found.changedAt : instantOf(0);
  return {
    nativeId,
    changedAt,
    rawId: stableId(sourceId, stream.name, nativeId, changedAt, text),
    deleted: found.ok && found.deleted,
    payload,
    text,
  };
}

function identified(stream: Stream, payload: unknown) {
  try {
    const found = stream.identify(payload);
    if (!found.ok) return found;
    if (found.nativeId === "" || found.nativeId.startsWith(KEYLESS))
      return { ok: false as const, detail: "The record has no id." };
    const ms = Date.parse(found.changedAt);
    if (!(ms >= EARLIEST_MS && ms <= LATEST_MS))
      return { ok: false as const, detail: `The record's change time cannot be read: "${found.changedAt}".` };
    return { ...found, changedAt: instantOf(ms) };
  } catch (error) {
    return { ok: false as const, detail: `The record could not be identified: ${said(error)}` };
  }
}

/** Translate one version. Never throws. */
export function translate(stream: Stream, version: Version): Translation {
  if (version.nativeId.startsWith(KEYLESS)) {
    if (typeof version.payload !== "object" || version.payload === null)
      return {
        ok: false,
        reason: "not-an-object",
        detail: "The source sent something that is not a record.",
      };
    const found = identified(stream, version.payload);
    return { ok: false, reason: "missing-key", detail: found.ok ? "The record has no id." : found.detail };
  }
  let mapped: Mapped;
  try {
    mapped = stream.map(version.payload);
  } catch (error) {
    return { ok: false, reason: "wrong-shape", detail: `The record could not be translated: ${said(error)}` };
  }
  if (!mapped.ok) return mapped;
  const records: MappedRecord[] = [];
  for (const record of mapped.records) {
    const checked = checkRecord(record);
    if (!checked.ok) return checked;
    records.push(checked.record);
  }
  return { ...mapped, records };
}

type Checked = { ok: true; record: MappedRecord } | { ok: false; reason: RejectReason; detail: string };

/** Whether the store can hold what was mapped. Decimals are rounded to the places their column has. */
function checkRecord(record: MappedRecord): Checked {
  const { entity, nativeId } = record;
  if (nativeId === "")
    return { ok: false, reason: "missing-key", detail: `A ${entity} came out without an id.` };
  const data = record.data as Record<string, unknown>;
  const extra = Object.keys(data).find((field) => !NAMES[entity].has(field));
  if (extra !== undefined)
    return { ok: false, reason: "wrong-shape", detail: `A ${entity} has no field ${extra}.` };
  // What is left out or has too many digits, as it is stored.
  const settled: Record<string, unknown> = {};
  let isSettled = false;
  for (const { field, kind, nullable, schema, absent } of FIELDS[entity]) {
    const value = data[field];
    if (value === undefined && absent !== undefined) {
      settled[field] = absent;
      isSettled = true;
      continue;
    }
    if (value === null && nullable) continue;
    // What every record holds is checked by hand; a schema would take as long as reading the record does.
    const isRight = kind === "flag" ? typeof value === "boolean" : typeof value === "string";
    if (isRight && (kind === "flag" || kind === "text")) continue;
    const parsed = schema.safeParse(value);
    if (!parsed.success)
      return {
        ok: false,
        reason: "wrong-shape",
        detail: `${entity}.${field}: ${parsed.error.issues[0]?.message}`,
      };
    if (kind !== "decimal") continue;
    const { whole, fraction } = decimalDigits(entity, field);
    const text = String(value);
    const [before = "", after = ""] = text.replace("-", "").split(".");
    if (before.replace(/^0+/, "").length > whole)
      return {
        ok: false,
        reason: "out-of-range",
        detail: `${entity}.${field} holds ${text}, too much to be true.`,
      };
    if (after.length <= fraction) continue;
    settled[field] = fixed(text, fraction);
    isSettled = true;
  }
  return {
    ok: true,
    record: isSettled ? ({ ...record, data: { ...data, ...settled } } as MappedRecord) : record,
  };
}

interface Field {
  field: string;
  kind: "flag" | "text" | "decimal" | "other";
  nullable: boolean;
  schema: z.ZodType;
  /** Of an optional field: what it is where a mapping leaves it out. */
  absent: string | boolean | null | undefined;
}

const KINDS = new Map<z.ZodType, Field["kind"]>([
  [ENTITY_SCHEMAS.customer.shape.name, "text"],
  [ENTITY_SCHEMAS.customer.shape.is_active, "flag"],
  [ENTITY_SCHEMAS.assignment.shape.hours, "decimal"],
]);

/** "Nothing" of each kind of field that can be left out. */
const EMPTY = new Map<z.ZodType, string | boolean>([
  [ENTITY_SCHEMAS.customer.shape.name, ""],
  [ENTITY_SCHEMAS.customer.shape.is_active, false],
  [ENTITY_SCHEMAS.assignment.shape.start_on, NO_DATE],
  [ENTITY_SCHEMAS.time_entry.shape.recorded_at, NO_INSTANT],
]);

const FIELDS = Object.fromEntries(
  Object.entries(ENTITY_SCHEMAS).map(([entity, { shape }]) => [
    entity,
    Object.entries(shape).map(([field, schema]: [string, z.ZodType]): Field => {
      const nullable = schema instanceof z.ZodNullable;
      const inner = nullable ? (schema.unwrap() as z.ZodType) : schema;
      const isOptional = (OPTIONAL_FIELDS[entity as Entity] as readonly string[]).includes(field);
      return {
        field,
        kind: KINDS.get(inner) ?? "other",
        nullable,
        schema: inner,
        absent: isOptional ? (nullable ? null : EMPTY.get(inner)) : undefined,
      };
    }),
  ]),
) as Record<Entity, Field[]>;

const NAMES = Object.fromEntries(
  Object.entries(FIELDS).map(([entity, fields]) => [entity, new Set(fields.map((f) => f.field))]),
) as Record<Entity, Set<string>>;

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
