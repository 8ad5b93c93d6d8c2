/**
 * Rows on their way into the store, checked column by column without building anything anew where the value is already as the store
 * takes it. It accepts exactly what the schemas accept: whatever is not plainly right is left to them, and they say what is wrong.
 */
import { z } from "zod";
import { chBool, chCount, chDate, chDecimal, chInstant, chString, chUInt64 } from "./columns.ts";

/** The value as the store takes it, or `UNSURE` when only the schema can tell. */
type Encode = (value: unknown) => unknown;
const UNSURE = Symbol("unsure");

/** Days that every such month has; the schema knows about leap years. */
const PLAIN_INSTANT =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const matching =
  (pattern: RegExp): Encode =>
  (value) =>
    typeof value === "string" && pattern.test(value) ? value : UNSURE;

const KNOWN = new Map<z.ZodType, Encode>([
  [chString, (value) => (typeof value === "string" ? value : UNSURE)],
  [chBool, (value) => (value === true ? 1 : value === false ? 0 : UNSURE)],
  [chDecimal, matching(/^-?\d+(\.\d+)?$/)],
  [chUInt64, matching(/^\d+$/)],
  [chDate, matching(/^\d{4}-\d{2}-\d{2}$/)],
  [chCount, (value) => (Number.isSafeInteger(value) ? String(value) : UNSURE)],
  [
    chInstant,
    (value) =>
      typeof value === "string" && PLAIN_INSTANT.test(value)
        ? `${value.slice(0, 10)} ${value.slice(11, 23)}`
        : UNSURE,
  ],
]);

/**
 * An encoder of rows of this shape: gives the row as the store takes it, or null for what the schema has to decide. Keys the shape
 * does not name are for the schema to refuse.
 */
export function rowEncoder(
  shape: z.ZodObject,
): (row: Readonly<Record<string, unknown>>) => Record<string, unknown> | null {
  const columns = Object.entries(shape.shape).map(([name, schema]) => ({
    name,
    encode: encodeOf(schema as z.ZodType),
  }));
  const names = new Set(columns.map((c) => c.name));
  if (columns.some((c) => c.encode === null)) return () => null;
  return (row) => {
    for (const name in row) if (!names.has(name)) return null;
    const out: Record<string, unknown> = {};
    for (const { name, encode } of columns) {
      const value = (encode as Encode)(row[name]);
      if (value === UNSURE) return null;
      out[name] = value;
    }
    return out;
  };
}

function encodeOf(schema: z.ZodType): Encode | null {
  const known = KNOWN.get(schema);
  if (known) return known;
  if (schema instanceof z.ZodNullable) {
    const inner = encodeOf(schema.unwrap() as z.ZodType);
    return inner && ((value) => (value === null ? null : inner(value)));
  }
  if (schema instanceof z.ZodEnum) {
    const words = new Set<unknown>(schema.options);
    return (value) => (words.has(value) ? value : UNSURE);
  }
  return null;
}
