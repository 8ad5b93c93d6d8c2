/**
 * The vendor's JSON forms of decimals, dates, times and durations, to exact text and back. Total: a form that is not what it should
 * be gives null, and whoever reads it says which field held it.
 */
import { type DecimalText, divide, equal, fixed, multiply, parseDecimal } from "#core/decimal";
import type { Instant, IsoDate } from "#core/time";
import { isDate, isObject } from "../payload.ts";

export interface DecimalForm {
  __class__: "Decimal";
  decimal: string;
}
export interface DateForm {
  __class__: "date";
  year: number;
  month: number;
  day: number;
}
export interface DatetimeForm {
  __class__: "datetime";
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
}
export interface TimedeltaForm {
  __class__: "timedelta";
  seconds: number;
}

/** Digits on either side of the point that a written-out exponent may give; more is no amount of anything. */
const MOST_PLACES = 40;

/** An exact decimal: the vendor's Decimal, or a plain number. Its text may have an exponent (`0E-8`, `1E+2`); ours never has. */
export function decimalOf(value: unknown): DecimalText | null {
  if (typeof value === "number") return plain(String(value));
  return isObject(value) && value.__class__ === "Decimal" && typeof value.decimal === "string"
    ? plain(value.decimal)
    : null;
}

function plain(text: string): DecimalText | null {
  const m = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (!m) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = m;
  const shift = Number(exponent);
  if (Math.abs(shift) > MOST_PLACES) return null;
  const padded = `${"0".repeat(Math.max(0, -shift))}${whole}${fraction}${"0".repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  const after = padded.slice(point);
  return parseDecimal(`${sign}${padded.slice(0, point) || "0"}${after === "" ? "" : `.${after}`}`);
}

/** A calendar date, `YYYY-MM-DD`. */
export function dateOf(value: unknown): IsoDate | null {
  if (!isObject(value) || value.__class__ !== "date") return null;
  const text = dayText(value);
  return text !== null && isDate(text) ? text : null;
}

/** An instant in UTC with microseconds, `2026-11-20T23:52:49.466350Z`: what a cursor needs. Texts of this form sort by time. */
export function microInstantOf(value: unknown): string | null {
  if (!isObject(value) || value.__class__ !== "datetime") return null;
  const day = dayText(value);
  const { hour, minute, second, microsecond } = value;
  if (day === null || !isDate(day)) return null;
  if (!within(hour, 23) || !within(minute, 59) || !within(second, 59) || !within(microsecond, 999_999))
    return null;
  return `${day}T${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}.${digits(microsecond, 6)}Z`;
}

/** An instant in UTC, cut to milliseconds. */
export function instantOf(value: unknown): Instant | null {
  const micro = microInstantOf(value);
  return micro === null ? null : `${micro.slice(0, 23)}Z`;
}

/** Hours of a duration, exact up to the seconds' own digits. */
export function hoursOf(value: unknown): DecimalText | null {
  if (!isObject(value) || value.__class__ !== "timedelta" || typeof value.seconds !== "number") return null;
  const seconds = plain(String(value.seconds));
  return seconds === null ? null : divide(seconds, "3600");
}

export function decimalForm(value: DecimalText): DecimalForm {
  return { __class__: "Decimal", decimal: value };
}

export function dateForm(date: IsoDate): DateForm {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  return { __class__: "date", year, month, day };
}

/** From an instant in UTC with up to six digits of a second. */
export function datetimeForm(at: Instant): DatetimeForm {
  const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z$/.exec(at);
  if (!m) throw new RangeError(`Not an instant in UTC: ${at}`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = m.slice(1, 7).map(Number);
  const microsecond = Number((m[7] ?? "").padEnd(6, "0"));
  return { __class__: "datetime", year, month, day, hour, minute, second, microsecond };
}

/** Hours as a duration of whole seconds; null when they are not whole seconds (0.3333 h is 1199.88 s). */
export function durationForm(hours: DecimalText): TimedeltaForm | null {
  const seconds = multiply(hours, "3600");
  const whole = fixed(seconds, 0);
  return equal(seconds, whole) ? { __class__: "timedelta", seconds: Number(whole) } : null;
}

function dayText({ year, month, day }: Record<string, unknown>): string | null {
  if (!within(year, 9999) || !within(month, 12) || !within(day, 31)) return null;
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function within(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
}

const digits = (value: number, width: number) => String(value).padStart(width, "0");
