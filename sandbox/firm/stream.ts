/**
 * Time lines by the million for measuring with: both systems' sides of the same lines, in batches, made from their number alone so
 * that none need be kept. A known share of them has drifted apart, counted by kind.
 */
import type { DecimalText } from "#core/decimal";
import { addDays, type IsoDate } from "#core/time";
import { instantAt } from "./calendar.ts";
import { hundredths } from "./quantities.ts";
import { mix } from "./random.ts";

export interface TimeLine {
  /** The agreed key: `<timecard>_<day>`. */
  key: string;
  /** The system's own id: equal to `key` in the PSA, a number in the ERP. */
  nativeId: string;
  project: string;
  task: string;
  resource: string;
  assignment: string;
  workOn: IsoDate;
  hours: DecimalText;
  isBillable: boolean;
  /** When the system last wrote it, epoch milliseconds. */
  changedAt: number;
}

/** How many keys differ in each way. */
export interface Drift {
  missingInErp: number;
  missingInPsa: number;
  hours: number;
  day: number;
  twiceInErp: number;
}

export interface TimeLineBatch {
  psa: TimeLine[];
  erp: TimeLine[];
  drift: Drift;
}

export interface StreamOptions {
  seed: number;
  /** Time lines in all, by agreed key. */
  count: number;
  /** Of a million lines, how many have drifted. Default 1000. */
  driftPerMillion?: number;
  /** Monday of the latest week. Default 2026-11-16. */
  lastWeek?: IsoDate;
  batchSize?: number;
}

const DAYS_A_WEEK = 5;
const WEEKS = 26;
const LINES_A_PROJECT = 2_500;
const PEOPLE_A_PROJECT = 4;

/** Batches of both sides, 10,000 lines at a time; the same options give the same lines. */
export function* streamTimeLines(options: StreamOptions): Generator<TimeLineBatch> {
  const { seed, count, driftPerMillion = 1_000, lastWeek = "2026-11-16", batchSize = 10_000 } = options;
  const projects = Math.max(20, Math.ceil(count / LINES_A_PROJECT));
  const days = Array.from({ length: WEEKS }, (_, week) =>
    Array.from({ length: DAYS_A_WEEK }, (_, day) => addDays(lastWeek, day - week * 7)),
  );
  const salt = mix(seed ^ 0x51ed270b);
  for (let start = 0; start < count; start += batchSize) {
    const batch: TimeLineBatch = {
      psa: [],
      erp: [],
      drift: { missingInErp: 0, missingInPsa: 0, hours: 0, day: 0, twiceInErp: 0 },
    };
    for (let n = start; n < Math.min(start + batchSize, count); n++) {
      const card = Math.floor(n / DAYS_A_WEEK);
      const chance = mix(salt ^ mix(n + 1));
      const week = card % WEEKS;
      const member = Math.floor(card / WEEKS) % (projects * PEOPLE_A_PROJECT);
      const project = Math.floor(member / PEOPLE_A_PROJECT);
      const workOn = (days[week] as IsoDate[])[n % DAYS_A_WEEK] as IsoDate;
      const approvedAt =
        instantAt((days[week] as IsoDate[])[0] as IsoDate, 7 * 24 + 9) + (chance % 21_600_000);
      const key = `a3CHs${card.toString(36).padStart(13, "0")}_${workOn}`;
      const line: TimeLine = {
        key,
        nativeId: key,
        project: `a2dHs${project.toString(36).padStart(13, "0")}`,
        task: `a2cHs${(project * 4 + (week % 4)).toString(36).padStart(13, "0")}`,
        resource: `E-${10_000 + member}`,
        assignment: `a1AHs${member.toString(36).padStart(13, "0")}`,
        workOn,
        hours: hundredths(((chance >>> 7) % 5) * 25 + 700),
        isBillable: (chance >>> 3) % 20 !== 0,
        changedAt: approvedAt,
      };
      place(batch, line, n, chance % 1_000_000 < driftPerMillion ? (mix(chance) % 5) + 1 : 0);
    }
    yield batch;
  }
}

/** Files a line on both sides; `way` 0 leaves them in agreement. */
function place(batch: TimeLineBatch, line: TimeLine, n: number, way: number): void {
  const posted: TimeLine = { ...line, nativeId: String(n + 1), changedAt: line.changedAt + 3_600_000 };
  const { psa, erp, drift } = batch;
  if (way !== 2) psa.push(line);
  if (way === 1) {
    drift.missingInErp++;
    return;
  }
  if (way === 2) drift.missingInPsa++;
  if (way === 3) {
    posted.hours = "1.25";
    drift.hours++;
  }
  if (way === 4) {
    posted.workOn = addDays(posted.workOn, 1);
    drift.day++;
  }
  erp.push(posted);
  if (way === 5) {
    erp.push({ ...posted, nativeId: `9${posted.nativeId}` });
    drift.twiceInErp++;
  }
}
