/** Custom field values in a record: text whatever the field's format, found by the field's name. One value each. */
import { compare, type DecimalText, parseDecimal } from "#core/decimal";
import { NO_DATE } from "#core/entities";
import type { IsoDate } from "#core/time";
import { type Fields, isDate, isObject, quote, reject } from "../payload.ts";

/** The value as text; "" when the field is empty, not on this record, or `name` is null. Rejects a field that holds several values. */
export function customText(f: Fields, name: string | null): string {
  if (name === null) return "";
  const list = f.raw("custom_fields");
  const found = Array.isArray(list) ? list.filter(isObject).find((c) => c.name === name) : undefined;
  const value = found?.value;
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value) && value.length <= 1) return value.length === 0 ? "" : String(value[0]).trim();
  return reject("wrong-shape", `${name} should hold one value and holds ${quote(value)}.`);
}

/**
 * The value of a field every record of its kind carries, empty or not. A record without it was read after the field was renamed or
 * removed, which must not pass for empty.
 */
export function heldText(f: Fields, name: string | null): string {
  if (name === null) return "";
  const list = f.raw("custom_fields");
  return Array.isArray(list) && list.some((c) => isObject(c) && c.name === name)
    ? customText(f, name)
    : reject("missing-key", `The record does not carry a field named ${name}.`);
}

/** An exact decimal; null when empty. Rejects what is no number, is negative or is more than any amount can be. */
export function customDecimal(f: Fields, name: string, largest: DecimalText): DecimalText | null {
  const text = customText(f, name);
  if (text === "") return null;
  const value =
    parseDecimal(text) ?? reject("bad-number", `${name} should be a number and holds ${quote(text)}.`);
  if (compare(value, "0") < 0 || compare(value, largest) > 0)
    reject("out-of-range", `${name} holds ${value}; it should be 0 to ${largest}.`);
  return value;
}

/** A date; NO_DATE when empty. */
export function customDate(f: Fields, name: string | null): IsoDate {
  const text = heldText(f, name);
  if (text === "") return NO_DATE;
  return isDate(text) ? text : reject("bad-date", `${name} should be a date and holds ${quote(text)}.`);
}

const YES = new Set(["1", "true", "yes"]);
const NO = new Set(["0", "false", "no"]);

/** Yes or no; null when empty. A list field may say `Yes` and `No`. */
export function customFlag(f: Fields, name: string | null): boolean | null {
  const text = heldText(f, name).toLowerCase();
  if (text === "") return null;
  if (YES.has(text)) return true;
  return NO.has(text)
    ? false
    : reject("unknown-value", `${name} should be yes or no and holds ${quote(text)}.`);
}
