/**
 * Reading a vendor's record field by field. A field that cannot be understood ends the mapping with a reason that names the field
 * and quotes what it held; nothing is guessed. Shared by every connector, so that "bad number" means the same everywhere.
 */
import { compare as compareDecimals, type DecimalText, parseDecimal } from "#core/decimal";
import { NO_DATE } from "#core/entities";
import { type Instant, type IsoDate, instantOf } from "#core/time";
import type { Mapped, MappedChange, MappedRecord, RejectReason } from "./connector.ts";

/** Why a record cannot be mapped; thrown by readers, turned into a reject by `mapping`. */
class Unreadable extends Error {
  readonly reason: RejectReason;
  constructor(reason: RejectReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** End the mapping of this record with a reason. */
export function reject(reason: RejectReason, detail: string): never {
  throw new Unreadable(reason, detail);
}

type Answer =
  | readonly MappedRecord[]
  | { records: readonly MappedRecord[]; changes: readonly MappedChange[] };

/** Make a total `map` out of one that rejects: any JSON value gives records or a reason. */
export function mapping(read: (fields: Fields) => Answer): (payload: unknown) => Mapped {
  return (payload) => {
    if (!isObject(payload))
      return { ok: false, reason: "not-an-object", detail: `Expected a record, got ${quote(payload)}.` };
    try {
      const answer = read(fieldsOf(payload));
      return "records" in answer ? { ok: true, ...answer } : { ok: true, records: answer };
    } catch (error) {
      if (error instanceof Unreadable) return { ok: false, reason: error.reason, detail: error.message };
      throw error;
    }
  };
}

export interface Fields {
  /** The whole record. */
  all: Readonly<Record<string, unknown>>;
  /** The value as it came; a dotted name goes into nested records (`Contract__r.AccountId`). */
  raw(name: string): unknown;
  /** Text, `""` when absent. Numbers are written out. Rejects objects and lists. */
  text(name: string): string;
  /** Text that must be there. */
  required(name: string): string;
  /** A yes or no in any of the ways vendors write it; absent is no. */
  flag(name: string): boolean;
  /** An exact decimal, null when absent. Rejects text and anything outside the range the store can hold. */
  decimal(name: string): DecimalText | null;
  /** A calendar date, NO_DATE when absent. A date with a time is cut to its date. */
  date(name: string): IsoDate;
  /** An instant in UTC; absent rejects. */
  instant(name: string): Instant;
}

export function fieldsOf(payload: Readonly<Record<string, unknown>>): Fields {
  const raw = (name: string): unknown => {
    let value: unknown = payload;
    for (const step of name.split(".")) value = isObject(value) ? value[step] : undefined;
    return value;
  };
  const text = (name: string): string => {
    const value = raw(name);
    if (value === null || value === undefined) return "";
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return reject("wrong-shape", `${name} should be text and holds ${quote(value)}.`);
  };
  return {
    all: payload,
    raw,
    text,
    required(name) {
      const value = text(name);
      return value === "" ? reject("missing-key", `${name} is empty.`) : value;
    },
    flag(name) {
      const value = raw(name);
      if (value === true || value === "T" || value === "true") return true;
      if (value === false || value === "F" || value === "false") return false;
      if (value === null || value === undefined || value === "") return false;
      return reject("unknown-value", `${name} should be yes or no and holds ${quote(value)}.`);
    },
    decimal(name) {
      const value = raw(name);
      if (value === null || value === undefined || value === "") return null;
      const parsed = parseDecimal(value);
      if (parsed === null)
        return reject("bad-number", `${name} should be a number and holds ${quote(value)}.`);
      if (compareDecimals(parsed, LARGEST) > 0 || compareDecimals(parsed, `-${LARGEST}`) < 0)
        return reject("out-of-range", `${name} holds ${parsed}, more than any amount can be.`);
      return parsed;
    },
    date(name) {
      const value = text(name);
      if (value === "") return NO_DATE;
      const day = value.slice(0, 10);
      return isDate(day) ? day : reject("bad-date", `${name} should be a date and holds ${quote(value)}.`);
    },
    instant(name) {
      const value = text(name);
      const ms = instantMs(value);
      return ms === null
        ? reject("bad-date", `${name} should be a date and time and holds ${quote(value)}.`)
        : instantOf(ms);
    },
  };
}

/** What fits the narrowest money column, Decimal(18,4). */
const LARGEST = "99999999999999";

/** A real calendar day within what the store's Date can hold. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < NO_DATE || text > "2149-06-06") return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && instantOf(ms).slice(0, 10) === text;
}

/** Epoch milliseconds of an ISO instant with a zone (`Z`, `+0000` or `+00:00`), or null. */
export function instantMs(text: string): number | null {
  const m = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})$/.exec(text);
  if (!m?.[1] || !m[2] || !isDate(m[1].slice(0, 10))) return null;
  const zone = m[2] === "Z" ? "Z" : m[2].replace(/^(.\d{2}):?(\d{2})$/, "$1:$2");
  const ms = Date.parse(m[1] + zone);
  return Number.isNaN(ms) ? null : ms;
}

/** Hours in one day: 0 to 24, absent is 0. */
export function dayHours(fields: Fields, name: string): DecimalText {
  const hours = fields.decimal(name) ?? "0";
  if (compareDecimals(hours, "0") < 0 || compareDecimals(hours, "24") > 0)
    reject("out-of-range", `${name} holds ${hours} hours; a day has 0 to 24.`);
  return hours;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in a message: short, and unmistakably quoted. */
export function quote(value: unknown): string {
  const text = value === undefined ? "nothing" : (JSON.stringify(value) ?? "nothing");
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
