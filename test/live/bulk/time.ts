/**
 * Time by the ten thousand, straight into both databases: the same approved hours on each side under the same ids, as years of
 * work would leave them. Redmine's change feed knows nothing of rows that come this way; Tryton's row history holds them.
 */
import type { Estate, Flavour } from "../estate.ts";
import { at } from "../seed/firm.ts";
import { onRedmine, onTryton } from "./sql.ts";

/** A run of successive Redmine time entry ids, each of them posted in Tryton as `redmine-<id>`. */
export interface LoadedTime {
  flavour: Flavour;
  first: number;
  last: number;
}

/** One row on either side: who, on what. */
interface Slot {
  project: number;
  issue: number | null;
  user: number;
  work: number;
  employee: number;
}

/**
 * Adds `count` entries to both systems, on the firm's bookings and the days of its contracts. They agree.
 * @param estate the servers; they may be running
 */
export async function loadTime(estate: Estate, flavour: Flavour, count: number): Promise<LoadedTime> {
  const { redmine, tryton } = estate[flavour];
  const first = Number(
    await onRedmine(estate, flavour, "SELECT coalesce(max(id), 0) + 1 FROM time_entries;\n"),
  );
  const last = first + count - 1;
  const slots = slotsOf(estate, flavour);
  const days = workingDays(estate.calendar.signedOn, estate.calendar.lastWorkDay);
  const values = (rows: readonly (readonly (string | number | null)[])[]) =>
    rows
      .map((row) => `(${row.map((v) => (typeof v === "string" ? `'${v}'` : String(v))).join(", ")})`)
      .join(", ");
  // Row i: the slots in turn, then the days in turn; a quarter of an hour up to eight hours.
  const pick = (i: string) =>
    `s.n = (${i}) % ${slots.length} AND d.n = ((${i}) / ${slots.length}) % ${days.length}`;
  const quarters = (i: string) => `(1 + (${i}) % 32)`;

  await onRedmine(
    estate,
    flavour,
    `CREATE TEMP TABLE s AS
  SELECT column1 AS n, column2 AS project, column3 AS issue, column4 AS person
  FROM (VALUES ${values(slots.map((s, n) => [n, s.project, s.issue, s.user]))});
CREATE TEMP TABLE d AS
  SELECT column1 AS n, column2 AS day, column3 AS week
  FROM (VALUES ${values(days.map((day, n) => [n, day, weekOf(day)]))});
CREATE TEMP TABLE fresh AS
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})
  SELECT ${first} + i AS id, s.project, s.issue, s.person, ${quarters("i")} * 0.25 AS hours, d.day, d.week
  FROM n CROSS JOIN s CROSS JOIN d WHERE ${pick("i")};
INSERT INTO time_entries (id, project_id, issue_id, user_id, author_id, hours, comments, activity_id, spent_on, tyear, tmonth, tweek, created_on, updated_on)
  SELECT id, project, issue, person, 1, hours, 'Loaded', ${at(redmine.activities, "Development")}, day,
    CAST(substr(day, 1, 4) AS INTEGER), CAST(substr(day, 6, 2) AS INTEGER), week,
    strftime('%Y-%m-%d %H:%M:%f', 'now'), strftime('%Y-%m-%d %H:%M:%f', 'now')
  FROM fresh;
INSERT INTO custom_values (customized_type, customized_id, custom_field_id, value)
  SELECT 'TimeEntry', id, ${at(redmine.customFields, "Approval")}, 'approved' FROM fresh;
`,
  );

  const approval = flavour === "addons" ? { column: ", approval_state", value: ", 'approved'" } : NONE;
  const columns = `create_uid, create_date, company, employee, work, date, duration, description, uuid, cost_price${approval.column}`;
  const insert = `INSERT INTO timesheet_line (${columns})
  SELECT 1, now() AT TIME ZONE 'UTC', ${tryton.company}, s.employee, s.work, d.day::date, ${quarters("i")} * interval '15 minutes',
    'Loaded', 'redmine-' || (${first} + i), 0${approval.value}
  FROM generate_series(0, ${count - 1}) AS i
  JOIN (VALUES ${values(slots.map((s, n) => [n, s.work, s.employee]))}) AS s (n, work, employee) ON s.n = i % ${slots.length}
  JOIN (VALUES ${values(days.map((day, n) => [n, day]))}) AS d (n, day) ON d.n = (i / ${slots.length}) % ${days.length}`;
  await onTryton(
    estate,
    flavour,
    flavour === "addons"
      ? `WITH fresh AS (${insert} RETURNING id, ${columns})
INSERT INTO timesheet_line__history (id, ${columns}) SELECT id, ${columns} FROM fresh;
ANALYZE timesheet_line;`
      : `${insert};
ANALYZE timesheet_line;`,
  );
  return { flavour, first, last };
}

/** Takes the entries away again from both systems, as if they had never been. */
export async function unloadTime(estate: Estate, { flavour, first, last }: LoadedTime): Promise<void> {
  await onRedmine(
    estate,
    flavour,
    `DELETE FROM custom_values WHERE customized_type = 'TimeEntry' AND customized_id BETWEEN ${first} AND ${last};
DELETE FROM time_entries WHERE id BETWEEN ${first} AND ${last};
`,
  );
  const ours = `uuid IN (SELECT 'redmine-' || i FROM generate_series(${first}, ${last}) AS i)`;
  await onTryton(
    estate,
    flavour,
    `${flavour === "addons" ? `DELETE FROM timesheet_line__history WHERE ${ours};` : ""} DELETE FROM timesheet_line WHERE ${ours};`,
  );
}

const NONE = { column: "", value: "" };

/** The firm's bookings, as ids of both systems. */
function slotsOf(estate: Estate, flavour: Flavour): Slot[] {
  const { redmine, tryton } = estate[flavour];
  return Object.entries(tryton.engagements).flatMap(([identifier, engagement]) =>
    Object.keys(engagement.allocations).map((key) => {
      const [work = "", person = ""] = key.split("|");
      return {
        project: at(redmine.engagements, identifier).project,
        issue: work === identifier ? null : Number(work),
        user: at(redmine.users, person).id,
        work: at(engagement.timesheetWorks, work),
        employee: at(tryton.employees, person).employee,
      };
    }),
  );
}

function workingDays(from: string, to: string): string[] {
  const days: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += 86_400_000) {
    const day = new Date(ms);
    if (day.getUTCDay() % 6 !== 0) days.push(day.toISOString().slice(0, 10));
  }
  return days;
}

/** ISO 8601 week number, which Redmine keeps beside the date. */
function weekOf(day: string): number {
  const thursday = new Date(Date.parse(day));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  return Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
}
