/**
 * The account's wall clock. SuiteQL compares and prints times as the account's zone shows them, without an offset;
 * here such a time is a number: the milliseconds UTC would need to show the same digits, at a grain of one second.
 */

/** A time as the account's wall clock shows it, in milliseconds as if it were UTC. */
export type WallTime = number;

export interface Zone {
  wallOf(instantMs: number): WallTime;
}

const HALF_HOUR = 1_800_000;

/** `timeZone` is an IANA name. Throws RangeError when the platform does not know it. */
export function createZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  // Offsets only change on half hours, and asking Intl per row is far too slow.
  const offsets = new Map<number, number>();
  function offsetOf(slot: number): number {
    const known = offsets.get(slot);
    if (known !== undefined) return known;
    const at = slot * HALF_HOUR;
    const part: Record<string, number> = {};
    for (const p of format.formatToParts(at)) if (p.type !== "literal") part[p.type] = Number(p.value);
    const wall = Date.UTC(
      part.year ?? 0,
      (part.month ?? 1) - 1,
      part.day ?? 1,
      part.hour ?? 0,
      part.minute ?? 0,
      part.second ?? 0,
    );
    offsets.set(slot, wall - at);
    return wall - at;
  }
  return {
    wallOf(instantMs) {
      const second = Math.floor(instantMs / 1000) * 1000;
      return second + offsetOf(Math.floor(second / HALF_HOUR));
    },
  };
}

/** How the account prints a bare date and reads one given as text. */
export const ACCOUNT_DATE_FORMAT = "MM/DD/YYYY";

const TOKEN = /"([^"]*)"|(YYYY|HH24|HH12|FF\d?|MON|AM|PM|MM|DD|HH|MI|SS)|([\s\S])/gi;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

interface FormatPart {
  token: string | null;
  literal: string;
}

const knownFormats = new Map<string, readonly FormatPart[] | null>();

/** Splits an Oracle date format; null when it has a letter that is no token this account understands. */
function formatParts(format: string): readonly FormatPart[] | null {
  const known = knownFormats.get(format);
  if (known !== undefined) return known;
  const parts = split(format);
  // Formats are few in practice; a caller that makes them up must not fill the memory.
  if (knownFormats.size < 100) knownFormats.set(format, parts);
  return parts;
}

function split(format: string): readonly FormatPart[] | null {
  const parts: FormatPart[] = [];
  for (const [, quoted, token, other] of format.matchAll(TOKEN)) {
    if (other !== undefined && /[A-Za-z0-9]/.test(other)) return null;
    parts.push(
      token === undefined
        ? { token: null, literal: quoted ?? other ?? "" }
        : { token: token.toUpperCase(), literal: "" },
    );
  }
  return parts;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** TO_CHAR of a time. Null when the format is not understood. */
export function formatWall(wall: WallTime, format: string): string | null {
  const parts = formatParts(format);
  if (parts === null) return null;
  const d = new Date(wall);
  const hour = d.getUTCHours();
  let out = "";
  for (const { token, literal } of parts) {
    if (token === null) out += literal;
    else if (token === "YYYY") out += String(d.getUTCFullYear()).padStart(4, "0");
    else if (token === "MM") out += two(d.getUTCMonth() + 1);
    else if (token === "MON") out += MONTHS[d.getUTCMonth()];
    else if (token === "DD") out += two(d.getUTCDate());
    else if (token === "HH24") out += two(hour);
    else if (token === "HH" || token === "HH12") out += two(hour % 12 === 0 ? 12 : hour % 12);
    else if (token === "MI") out += two(d.getUTCMinutes());
    else if (token === "SS") out += two(d.getUTCSeconds());
    else if (token === "AM" || token === "PM") out += hour < 12 ? "AM" : "PM";
    else out += "0".repeat(token === "FF" ? 6 : Number(token.slice(2)));
  }
  return out;
}

/** TO_DATE and TO_TIMESTAMP. Null when the text does not fit the format or is no time at all (month 13, hour 25). */
export function parseWall(text: string, format: string): WallTime | null {
  const parts = formatParts(format);
  if (parts === null) return null;
  const pattern = parts.map(({ token, literal }) => {
    if (token === null) return literal === " " ? "\\s+" : literal.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    if (token === "YYYY") return "(\\d{4})";
    if (token === "MON") return "([A-Za-z]{3})";
    if (token === "AM" || token === "PM") return "([AaPp][Mm])";
    return token.startsWith("FF") ? "(\\d{1,9})" : "(\\d{1,2})";
  });
  const match = new RegExp(`^\\s*${pattern.join("")}\\s*$`).exec(text);
  if (match === null) return null;
  const got: Record<string, string> = {};
  let group = 1;
  for (const { token } of parts) if (token !== null) got[token] = match[group++] ?? "";
  const month = got.MON === undefined ? Number(got.MM ?? "1") : MONTHS.indexOf(got.MON.toUpperCase()) + 1;
  const half = got.AM ?? got.PM;
  const twelve = got.HH ?? got.HH12;
  const hour =
    got.HH24 !== undefined
      ? Number(got.HH24)
      : (Number(twelve ?? "0") % 12) + (half?.toUpperCase() === "PM" ? 12 : 0);
  const [year, day, minute, second] = [got.YYYY ?? "1970", got.DD ?? "1", got.MI ?? "0", got.SS ?? "0"].map(
    Number,
  );
  if (year === undefined || day === undefined || minute === undefined || second === undefined) return null;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(wall);
  const real =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return real ? wall : null;
}

/** A calendar date (`YYYY-MM-DD`) as the wall time of its first moment. */
export function wallOfDate(date: string): WallTime {
  return Date.parse(`${date}T00:00:00Z`);
}

/** A time or date as the account prints it when nobody asked for a format: the day only. */
export function accountDate(wall: WallTime): string {
  return formatWall(wall, ACCOUNT_DATE_FORMAT) ?? "";
}
