/** What a field may hold in the store: one form per type, so that comparing two values is comparing like with like. */
import { parseDecimal } from "#core/decimal";
import { normalId } from "./ids.ts";
import type { FieldSpec } from "./metadata.ts";

export const NUMBER_TYPES: ReadonlySet<string> = new Set(["currency", "double", "percent", "int"]);

/** Thrown for a value its field cannot hold. */
export class BadValue extends Error {}

/** Decimals as exact text, dates `YYYY-MM-DD`, instants as epoch milliseconds, ids with 18 characters; null for nothing. */
export function storedValue(field: FieldSpec, value: unknown): unknown {
  if (value === null || value === undefined || value === "") return field.type === "boolean" ? false : null;
  if (NUMBER_TYPES.has(field.type)) return parseDecimal(value) ?? bad(field, value);
  switch (field.type) {
    case "boolean":
      return typeof value === "boolean" ? value : bad(field, value);
    case "date":
      return typeof value === "string" && isDate(value) ? value : bad(field, value);
    case "datetime":
      return typeof value === "number" && Number.isFinite(value) ? value : bad(field, value);
    case "id":
    case "reference":
      return typeof value === "string" ? (normalId(value) ?? bad(field, value)) : bad(field, value);
    default:
      return typeof value === "string" ? value : bad(field, value);
  }
}

/** A day that exists: `2026-02-30` does not. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function bad(field: FieldSpec, value: unknown): never {
  throw new BadValue(`${field.name} is of type ${field.type} and cannot hold ${JSON.stringify(value)}`);
}
