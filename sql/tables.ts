/**
 * The tables that reading the sources fills: the raw log with its bookkeeping, and one table per canonical entity, derived from
 * core/entities.ts so that a column has one definition.
 *
 * How a reader of `touched_key` misses nothing: its rows carry the time just before they are written, they are written before the
 * canonical rows of the same batch, and once more after them when that took long. So whoever takes "everything up to my start minus
 * SEEN_MARGIN_MS" as seen, and looks again at what came after, finds every canonical change at its next turn at the latest.
 */
import { z } from "zod";
import { ENTITIES, ENTITY_SCHEMAS, type Entity, keyColumn, REFERENCES } from "#core/entities";
import { InvariantError } from "#core/errors";
import {
  chBool,
  chCount,
  chDate,
  chDecimal,
  chEnum,
  chInstant,
  chString,
  chUInt64,
  defineTable,
  type Table,
} from "./query.ts";

/** How much of the recent past an incremental run looks at again; see above. */
export const SEEN_MARGIN_MS = 60_000;

const origin = { source_id: chString, stream: chString };

export const rawRecordTable = defineTable({
  name: "raw_record",
  row: z.object({
    ...origin,
    native_id: chString,
    raw_id: chString,
    changed_at: chInstant,
    fetched_at: chInstant,
    sync_id: chString,
    is_deleted: chBool,
    payload: chString,
  }),
});

export const bookmarkTable = defineTable({
  name: "bookmark",
  row: z.object({ ...origin, value: chString, sync_id: chString, stored_at: chInstant }),
});

export const syncEventTable = defineTable({
  name: "sync_event",
  row: z.object({
    ...origin,
    sync_id: chString,
    at: chInstant,
    state: chEnum(["started", "finished", "failed"]),
    mode: chEnum(["incremental", "full"]),
    records_read: chCount,
    records_mapped: chCount,
    records_rejected: chCount,
    records_deleted: chCount,
    requests: chCount,
    retries: chCount,
    complete_until: chInstant,
    error: chString,
    note: chString,
  }),
});

export const rejectTable = defineTable({
  name: "reject",
  row: z.object({
    ...origin,
    native_id: chString,
    raw_id: chString,
    at: chInstant,
    is_open: chBool,
    reason: chString,
    detail: chString,
    payload: chString,
  }),
});

export const schemaNoticeTable = defineTable({
  name: "schema_notice",
  row: z.object({
    ...origin,
    field: chString,
    kind: chEnum(["known", "new", "missing", "retyped"]),
    detail: chString,
    at: chInstant,
  }),
});

export const probeTable = defineTable({
  name: "probe",
  row: z.object({ ...origin, day: chDate, at: chInstant, source_count: chUInt64, store_count: chUInt64 }),
});

export const changeEventTable = defineTable({
  name: "change_event",
  row: z.object({
    role: chString,
    source_id: chString,
    entity: chString,
    native_id: chString,
    change_id: chString,
    field: chString,
    old_value: chString,
    new_value: chString,
    actor: chString,
    actor_kind: chEnum(["person", "integration", "unknown"]),
    changed_at: chInstant,
    seen_at: chInstant,
  }),
});

export const touchedKeyTable = defineTable({
  name: "touched_key",
  row: z.object({ entity: chString, seen_at: chInstant, key: chString }),
});

export const nativeKeyTable = defineTable({
  name: "native_key",
  row: z.object({
    source_id: chString,
    entity: chString,
    native_id: chString,
    key: chString,
    version: chUInt64,
    linked_at: chInstant,
    seen_at: chInstant,
  }),
});

const identity = {
  role: chString,
  key: chString,
  source_id: chString,
  native_id: chString,
  version: chUInt64,
  changed_at: chInstant,
  seen_at: chInstant,
  is_deleted: chBool,
  raw_id: chString,
};

/** One version of one record of any entity, by column. */
export type EntityRow = z.output<z.ZodObject<typeof identity>> & Record<string, string | boolean | null>;

/** core/entities.ts names a handful of field kinds; each has its column kind. */
const COLUMN_OF = new Map<z.ZodType, z.ZodType>([
  [ENTITY_SCHEMAS.customer.shape.name, chString],
  [ENTITY_SCHEMAS.customer.shape.is_active, chBool],
  [ENTITY_SCHEMAS.assignment.shape.hours, chDecimal],
  [ENTITY_SCHEMAS.assignment.shape.start_on, chDate],
  [ENTITY_SCHEMAS.time_entry.shape.recorded_at, chInstant],
]);

function columnOf(entity: Entity, field: string, schema: z.ZodType): z.ZodType {
  const inner = schema instanceof z.ZodNullable ? (schema.unwrap() as z.ZodType) : schema;
  const column = COLUMN_OF.get(inner);
  if (!column)
    throw new InvariantError(
      "tables.field-kind",
      `${entity}.${field} is of a kind that no column kind is known for`,
    );
  return inner === schema ? column : column.nullable();
}

/** A row of this entity: identity and clocks, what the record says, and the agreed key of each reference. */
export function entityRow(entity: Entity): z.ZodObject {
  const fields = Object.entries(ENTITY_SCHEMAS[entity].shape).map(([field, schema]) => [
    field,
    columnOf(entity, field, schema),
  ]);
  const keys = Object.keys(REFERENCES[entity]).map((ref) => [keyColumn(ref), chString]);
  return z.object({ ...identity, ...Object.fromEntries(fields), ...Object.fromEntries(keys) });
}

const entityTables = Object.fromEntries(
  ENTITIES.map((entity) => [entity, defineTable({ name: entity, row: entityRow(entity) })]),
) as unknown as Record<Entity, Table<EntityRow>>;

/** The table of one canonical entity. */
export function entityTable(entity: Entity): Table<EntityRow> {
  return entityTables[entity];
}

/** The columns of one canonical entity's table, in a fixed order. */
export function entityColumns(entity: Entity): string[] {
  return Object.keys(entityTables[entity].row.shape);
}

/** Total and fractional digits of the columns that hold fewer than the usual Decimal(18, 4). */
const NARROW: Partial<Record<Entity, Readonly<Record<string, readonly [number, number]>>>> = {
  time_entry: { hours: [9, 4] },
  assignment: { allocation_pct: [9, 2] },
};

/** Whole and fractional digits that a decimal column can hold. */
export function decimalDigits(entity: Entity, field: string): { whole: number; fraction: number } {
  const [digits, fraction] = NARROW[entity]?.[field] ?? [18, 4];
  return { whole: digits - fraction, fraction };
}
