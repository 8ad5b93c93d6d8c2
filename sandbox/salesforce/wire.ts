/** Values and rows as they travel: JSON numbers, `2026-11-20T10:00:00.000+0000` for instants, `attributes` on each record. */
import type { Row } from "#sandbox/vendor-store";
import type { FieldSpec } from "./metadata.ts";
import type { Org } from "./org.ts";
import { NUMBER_TYPES } from "./stored-values.ts";
import { fieldValue, type Table } from "./table.ts";

export function wireInstant(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}

/** A stored value as the vendor sends it. */
export function wireValue(field: FieldSpec, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  // The vendor's numbers are doubles on the wire; up to 15 digits that is the exact text again.
  if (NUMBER_TYPES.has(field.type)) return Number(value);
  return field.type === "datetime" && typeof value === "number" ? wireInstant(value) : value;
}

export function attributes(type: string, version: string, id: string): Row {
  return { type, url: `/services/data/${version}/sobjects/${type}/${id}` };
}

/** A whole record, or the fields asked for, as a row resource shows it. */
export function wireRow(
  org: Org,
  table: Table,
  row: Row,
  version: string,
  fields: readonly FieldSpec[],
): Row {
  const out: Row = { attributes: attributes(table.spec.name, version, String(row.Id)) };
  for (const f of fields) out[f.name] = readValue(org, table, f, row);
  return out;
}

/** A field of a row as the vendor sends it, formulas and history values included. */
export function readValue(org: Org, table: Table, field: FieldSpec, row: Row): unknown {
  const value = fieldValue(field, row, org.lookup);
  // A history value has the type of the field that changed.
  const typed = field.type === "anyType" ? (changedField(org, table, row) ?? field) : field;
  // Except a lookup's, whose names and ids are text either way.
  return wireValue(typed, value);
}

function changedField(org: Org, table: Table, row: Row): FieldSpec | undefined {
  const parent = table.spec.fields.find(
    (f) => f.type === "reference" && f.name !== "CreatedById",
  )?.referenceTo;
  return parent === undefined ? undefined : org.table(parent)?.field(String(row.Field));
}

/** The fields of an object the API user may see. */
export function visibleFields(org: Org, table: Table): FieldSpec[] {
  return table.spec.fields.filter((f) => !org.isHidden(table.spec.name, f.name));
}
