/**
 * How ClickHouse's values arrive in rows and go out in parameters: zod schemas that know which column types they stand for, so
 * that a test can DESCRIBE every query and table and compare.
 */
import { z } from "zod";
import { chTime, fromChTime } from "#core/time";

/** Which ClickHouse types (without Nullable and LowCardinality) a schema stands for. */
const columnTypes = z.registry<{ matches: RegExp }>();

function column<S extends z.ZodType>(schema: S, matches: RegExp): S {
  columnTypes.add(schema, { matches });
  return schema;
}

/** An exact decimal as text, as the store quotes it. */
export const chDecimal = column(z.string().regex(/^-?\d+(\.\d+)?$/), /^Decimal/);

/** A 64-bit or larger integer as text: JavaScript's numbers would round it. */
export const chUInt64 = column(z.string().regex(/^\d+$/), /^UInt(64|128|256)$/);

/** A count: a 64-bit integer known to be small, as a number. Refused beyond 2^53. */
export const chCount = column(
  z.codec(z.string().regex(/^-?\d+$/), z.int(), { decode: Number, encode: String }),
  /^U?Int64$/,
);

/** An integer of up to 32 bits. */
export const chInt = column(z.number().int(), /^U?Int(8|16|32)$/);

/** A share or a duration, where rounding does not matter. Never money, hours or rates. */
export const chFloat = column(z.number(), /^Float/);

/** A moment: an Instant here, ClickHouse's text in UTC there. */
export const chInstant = column(
  z.codec(z.string(), z.iso.datetime({ offset: false }), { decode: fromChTime, encode: chTime }),
  /^DateTime64\([0-3], 'UTC'\)$/,
);

/** A calendar date, `YYYY-MM-DD`. */
export const chDate = column(z.string().regex(/^\d{4}-\d{2}-\d{2}$/), /^Date(32)?$/);

/** A boolean, kept as UInt8 0/1 or Bool. */
export const chBool = column(
  z.codec(z.union([z.boolean(), z.literal(0), z.literal(1)]), z.boolean(), {
    decode: (stored) => stored === true || stored === 1,
    encode: (value) => (value ? 1 : 0),
  }),
  /^(UInt8|Bool)$/,
);

/** Text. */
export const chString = column(z.string(), /^(String|UUID|FixedString\(\d+\))$/);

/** One of a few words, kept as Enum or as text. */
export function chEnum<const T extends readonly [string, ...string[]]>(values: T) {
  return column(z.enum(values), /^(Enum(8|16)\(.*\)|String)$/);
}

/** Why a column of this type cannot be read with this schema; null when it can. */
export function columnMismatch(schema: z.ZodType, type: string): string | null {
  const plain = /^LowCardinality\((.*)\)$/.exec(type)?.[1] ?? type;
  const nullable = /^Nullable\((.*)\)$/.exec(plain)?.[1];
  const def = schema.def as {
    type: string;
    innerType?: z.ZodType;
    element?: z.ZodType;
    in?: z.ZodType;
    valueType?: z.ZodType;
  };
  if (def.type === "nullable" && def.innerType)
    return nullable === undefined ? `${type} is never null` : columnMismatch(def.innerType, nullable);
  if (nullable !== undefined) return `${type} may be null`;
  const known = columnTypes.get(schema);
  if (known) return known.matches.test(plain) ? null : `expected ${known.matches.source}, found ${type}`;
  return mismatchByShape(schema, def, plain);
}

function mismatchByShape(
  schema: z.ZodType,
  def: { type: string; innerType?: z.ZodType; element?: z.ZodType; in?: z.ZodType; valueType?: z.ZodType },
  type: string,
): string | null {
  const expect = (pattern: RegExp) => (pattern.test(type) ? null : `a ${def.type} cannot hold ${type}`);
  switch (def.type) {
    case "string":
      return expect(/^(String|UUID|FixedString\(\d+\)|Enum(8|16)\(.*\)|Date(32)?)$/);
    case "enum":
    case "literal":
      return expect(/^(Enum(8|16)\(.*\)|String)$/);
    case "number":
      return expect(/^(U?Int(8|16|32)|Float(32|64))$/);
    case "boolean":
      return expect(/^Bool$/);
    case "array": {
      const element = /^Array\((.*)\)$/.exec(type)?.[1];
      return element === undefined
        ? `an array cannot hold ${type}`
        : columnMismatch(def.element as z.ZodType, element);
    }
    case "record": {
      const value = /^Map\((?:LowCardinality\()?String\)?, (.*)\)$/.exec(type)?.[1];
      return value === undefined
        ? `a record cannot hold ${type}`
        : columnMismatch(def.valueType as z.ZodType, value);
    }
    case "object":
    case "tuple":
      return expect(/^Tuple\(/);
    case "pipe":
      return columnMismatch(def.in as z.ZodType, type);
    default:
      return `there is no column type for ${schema.def.type}`;
  }
}

const MOMENT = /\bDateTime/;

/**
 * A value as the client must be given it for a parameter of this ClickHouse type. Moments are turned into ClickHouse's text in
 * UTC: the engine takes neither ISO text in every position nor a Date without losing its zone.
 */
export function parameterValue(type: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((v) => parameterValue(type, v));
  if (typeof value === "string" && MOMENT.test(type) && value.includes("T")) return chTime(value);
  if (typeof value === "boolean" && /^(Array\()?U?Int/.test(type)) return value ? 1 : 0;
  return value;
}
