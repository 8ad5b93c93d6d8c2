/** How figures and times are written, in one place. Pure text work on exact decimals, the same on the server and in the browser. */
import type { DecimalText } from "#core/decimal";

const SIGNS: Record<string, string> = { USD: "$", EUR: "€", GBP: "£" };

/** `"1234567.891"` → `"1,234,567.89"`: grouped, rounded half up to `places`. */
export function sayNumber(value: DecimalText, places = 0): string {
  const negative = value.startsWith("-");
  const [whole = "0", fraction = ""] = value.replace(/^[+-]/, "").split(".");
  const digits = BigInt(whole + fraction.padEnd(places, "0").slice(0, places));
  const roundUp = (fraction[places] ?? "0") >= "5";
  const text = (digits + (roundUp ? 1n : 0n)).toString().padStart(places + 1, "0");
  const cut = text.length - places;
  const grouped = text.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
  const zero = /^0*$/.test(text);
  return `${negative && !zero ? "−" : ""}${grouped}${places > 0 ? `.${text.slice(cut)}` : ""}`;
}

/** `$1,235` / `CHF 1,235`; null is "not priced". */
export function sayMoney(value: DecimalText | null, currency: string, places = 0): string {
  if (value === null) return "not priced";
  const number = sayNumber(value, places);
  const sign = SIGNS[currency] ?? `${currency} `;
  return number.startsWith("−") ? `−${sign}${number.slice(1)}` : `${sign}${number}`;
}

/** `34.2 %` from `"34.19"`. */
export function sayPercent(value: DecimalText | null, places = 1): string {
  return value === null ? "–" : `${sayNumber(value, places)} %`;
}

/** A rate with at least two decimals, as people write rates; any other field as it is. */
export function padRate(field: string, value: string | null): string | null {
  if (value === null || !/rate$/.test(field) || !/^-?\d+(\.\d)?$/.test(value)) return value;
  return value.includes(".") ? `${value}0` : `${value}.00`;
}

/** A count of `UInt64` text or a number, grouped. */
export function sayCount(value: string | number): string {
  return sayNumber(String(value), 0);
}

/** `1 exception`, `1,204 exceptions`. */
export function plural(count: string | number, one: string, many = `${one}s`): string {
  return `${sayCount(count)} ${String(count) === "1" ? one : many}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Whether an instant or date says "none" (the store's 1970). */
export function isNever(at: string): boolean {
  return at === "" || at.startsWith("1970-01-01");
}

/** `21 Nov 2026, 06:27 UTC`. */
export function sayInstant(at: string): string {
  if (isNever(at)) return "never";
  return `${sayDate(at.slice(0, 10))}, ${at.slice(11, 16)} UTC`;
}

/** `21 Nov 2026` from `2026-11-21`. */
export function sayDate(date: string): string {
  if (isNever(date)) return "no date";
  const month = MONTHS[Number(date.slice(5, 7)) - 1];
  return `${Number(date.slice(8, 10))} ${month} ${date.slice(0, 4)}`;
}

/** `May 2026` from `2026-05-01`. */
export function sayMonth(date: string): string {
  return `${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`;
}

/** `4 min`, `3 h`, `2 d`: how long something lasted or is ago. */
export function saySpan(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.round(s / 60)} min`;
  if (s < 48 * 3600) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86_400)} d`;
}

/** `4 min ago`, `just now`, `never`; `now` comes from the server so that both renderings agree. */
export function sayAgo(at: string, now: string): string {
  if (isNever(at)) return "never";
  const ms = Date.parse(now) - Date.parse(at);
  return ms < 5000 ? "just now" : `${saySpan(ms)} ago`;
}

/** Monday-to-Friday days from one instant to another, the unit people count ages in. */
export function businessDays(from: string, to: string): number {
  const day = 86_400_000;
  const start = Math.floor(Date.parse(from) / day);
  const end = Math.floor(Date.parse(to) / day);
  let count = 0;
  // 1 January 1970 was a Thursday.
  for (let d = start + 1; d <= end; d++) if ((d + 3) % 7 < 5) count++;
  return count;
}
