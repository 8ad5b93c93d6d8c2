/** Exact decimals as strings: money, hours and rates never pass through floating point. */
import { Decimal } from "decimal.js";

const D = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -9e15, toExpPos: 9e15 });

/** A decimal number as text: `"-12.5"`. */
export type DecimalText = string;

const SHAPE = /^[+-]?\d+(\.\d+)?$/;

/**
 * Read a vendor's number (JSON number or text) as an exact decimal.
 * Returns null when it is not a plain decimal: "abc", "", "1e5", NaN, "1,200.00".
 */
export function parseDecimal(value: unknown): DecimalText | null {
  if (typeof value === "number") {
    // A JSON number's shortest text is what the vendor sent; Decimal reads that text, not the binary value.
    return Number.isFinite(value) ? new D(String(value)).toString() : null;
  }
  if (typeof value === "string" && SHAPE.test(value.trim())) return new D(value.trim()).toString();
  return null;
}

export function add(a: DecimalText, b: DecimalText): DecimalText {
  return new D(a).plus(b).toString();
}
export function subtract(a: DecimalText, b: DecimalText): DecimalText {
  return new D(a).minus(b).toString();
}
export function multiply(a: DecimalText, b: DecimalText): DecimalText {
  return new D(a).times(b).toString();
}
export function divide(a: DecimalText, b: DecimalText): DecimalText {
  return new D(a).dividedBy(b).toString();
}
export function abs(a: DecimalText): DecimalText {
  return new D(a).abs().toString();
}
/** -1, 0 or 1. `compare("1.10", "1.1")` is 0. */
export function compare(a: DecimalText, b: DecimalText): -1 | 0 | 1 {
  return new D(a).comparedTo(b) as -1 | 0 | 1;
}
export function equal(a: DecimalText, b: DecimalText): boolean {
  return compare(a, b) === 0;
}
export function sum(values: Iterable<DecimalText>): DecimalText {
  let total = new D(0);
  for (const v of values) total = total.plus(v);
  return total.toString();
}
/** Rounded half up to a fixed number of places: `fixed("1.005", 2)` is `"1.01"`. */
export function fixed(a: DecimalText, places: number): DecimalText {
  return new D(a).toFixed(places);
}
/** Hours as NetSuite's REST writes them, `h:mm`, to decimal hours. Null when it is not that shape. */
export function hoursFromClock(text: string): DecimalText | null {
  const m = /^(-?)(\d+):([0-5]\d)$/.exec(text.trim());
  if (!m) return null;
  const hours = new D(m[2] ?? "0").plus(new D(m[3] ?? "0").dividedBy(60));
  return (m[1] === "-" ? hours.negated() : hours).toDecimalPlaces(4).toString();
}
/** Decimal hours to `h:mm`, to the nearest minute: `"7.5"` is `"7:30"`. */
export function clockFromHours(hours: DecimalText): string {
  const minutes = new D(hours).abs().times(60).toDecimalPlaces(0).toNumber();
  const sign = new D(hours).isNegative() && minutes > 0 ? "-" : "";
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
/** The same value: as text, or as decimals (`225` and `225.00` are one rate). */
export function sameValue(a: string | null, b: string | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  const [x, y] = [parseDecimal(a), parseDecimal(b)];
  return x !== null && y !== null && equal(x, y);
}
