/**
 * The account's wall clock. SuiteQL compares and prints times as the account's zone shows them, with no offset, so every bound is
 * written in that zone and every stamp is read back from it. Once a year an hour comes twice there: bounds are widened to hold
 * both, and a stamp in that hour is read as the first of the two.
 */
import { type Instant, type IsoDate, instantOf } from "#core/time";
import { isDate } from "../payload.ts";

/** `2026-11-20 10:04:31`, as the account shows it. */
export type WallText = string;

/** The format that goes with WallText in TO_CHAR and TO_DATE. */
export const WALL_FORMAT = "YYYY-MM-DD HH24:MI:SS";

export interface AccountTime {
  /** The wall clock at an instant. */
  wall(ms: number): WallText;
  /** A lower bound that no stamp at or after the instant is below, whatever the zone did since. */
  from(ms: number): WallText;
  /** An upper bound (exclusive) that no stamp before the instant is at or above. */
  before(ms: number): WallText;
  /** The instant of a wall clock reading, epoch milliseconds; null when it is none. */
  instant(wall: WallText): number | null;
  /** Where a calendar day of UTC begins, by the wall clock. */
  startOfUtcDay(day: IsoDate): WallText;
}

const HALF_HOUR = 1_800_000;
/** No zone shifts its clock by more than two hours at once. */
const STEPS = [1, 2, 3, 4];

export function accountTime(timeZone: string): AccountTime {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  // Zones change on half hours at the finest, and asking Intl for every row is slow.
  const offsets = new Map<number, number>();
  const offsetAt = (ms: number): number => {
    const slot = Math.floor(ms / HALF_HOUR);
    let offset = offsets.get(slot);
    if (offset === undefined) {
      const at = slot * HALF_HOUR;
      const part = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]));
      offset =
        Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`) - at;
      offsets.set(slot, offset);
    }
    return offset;
  };
  const textOf = (digits: number): WallText => instantOf(digits).slice(0, 19).replace("T", " ");
  const wall = (ms: number): WallText => textOf(ms + offsetAt(ms));
  return {
    wall,
    from(ms) {
      const slots = STEPS.map((n) => (Math.floor(ms / HALF_HOUR) + n) * HALF_HOUR);
      return [wall(ms), ...slots.map(wall)].sort()[0] as WallText;
    },
    before(ms) {
      const slots = STEPS.map((n) => (Math.ceil(ms / HALF_HOUR) - n) * HALF_HOUR);
      // Where the last moment before a slot would have led, had the clock not been set then.
      const ends = slots.map((at) => textOf(at + offsetAt(at - 1)));
      return [wall(ms), ...ends].sort().at(-1) as WallText;
    },
    instant(text) {
      const m = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(text);
      if (!m?.[1] || !isDate(m[1])) return null;
      const digits = Date.parse(`${m[1]}T${m[2]}Z`);
      if (Number.isNaN(digits)) return null;
      // The offsets in force around that reading; the earliest instant that shows it wins.
      const found = [digits - 86_400_000, digits, digits + 86_400_000]
        .map((near) => digits - offsetAt(near))
        .filter((ms) => ms + offsetAt(ms) === digits);
      return found.length > 0 ? Math.min(...found) : digits - offsetAt(digits);
    },
    startOfUtcDay: (day) => wall(Date.parse(`${day}T00:00:00Z`)),
  };
}

/** The Instant of a wall clock reading, or null. */
export function wallInstant(time: AccountTime, text: WallText): Instant | null {
  const ms = time.instant(text);
  return ms === null ? null : instantOf(ms);
}
