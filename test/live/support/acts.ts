/** What the firm's people do in their systems, through the systems' own interfaces. */
import { date, decimal, duration } from "../clients/tryton.ts";
import { at, customerOf, ENGAGEMENTS, INVOICED, personOf } from "../seed/firm.ts";
import type { World } from "./world.ts";

export interface Booked {
  engagement: string;
  /** Task name; null: on the project itself. */
  task: string | null;
  person: string;
  hours: number;
  on: string;
  note: string;
}

/** A person enters time in Redmine and a manager approves it. Gone again when the test ends. Gives the time entry's id. */
export async function bookTime(world: World, booked: Booked): Promise<string> {
  const { redmine } = world.side;
  const engagement = at(redmine.engagements, booked.engagement);
  const approval = (value: string) => [{ id: at(redmine.customFields, "Approval"), value }];
  const { id } = await world.redmine
    .as(at(redmine.users, booked.person).login)
    .post<{ id: number }>("/time_entries.json", {
      time_entry: {
        ...(booked.task === null
          ? { project_id: engagement.project }
          : { issue_id: at(engagement.tasks, booked.task) }),
        spent_on: booked.on,
        hours: booked.hours,
        activity_id: at(redmine.activities, "Development"),
        comments: booked.note,
        custom_fields: approval("submitted"),
      },
    });
  world.afterwards(() => removeEntry(world, id));
  await world.redmine.put(`/time_entries/${id}.json`, {
    time_entry: { custom_fields: approval("approved") },
  });
  return String(id);
}

/** The same line in Tryton's timesheets, under the entry's id. Gone again when the test ends. Gives the line's id. */
export async function postTime(world: World, entry: string, booked: Booked): Promise<number> {
  const { tryton } = world.side;
  const engagement = at(tryton.engagements, booked.engagement);
  const task =
    booked.task === null
      ? null
      : at(at(world.side.redmine.engagements, booked.engagement).tasks, booked.task);
  const [line] = await world.tryton.create("timesheet.line", {
    company: tryton.company,
    employee: at(tryton.employees, booked.person).employee,
    work: at(engagement.timesheetWorks, task === null ? booked.engagement : String(task)),
    date: date(booked.on),
    duration: duration(booked.hours * 3600),
    description: booked.note,
    uuid: `redmine-${entry}`,
    ...(world.flavour === "addons" ? { approval_state: "approved" } : {}),
  });
  removeLinesOf(world, entry);
  return line as number;
}

/** Take an entry's lines out of Tryton when the test ends, whoever posted them. */
export function removeLinesOf(world: World, entry: string): void {
  world.afterwards(async () => {
    const lines = await linesOf(world, entry);
    if (lines.length > 0) await world.tryton.delete("timesheet.line", lines);
  }, "timesheet.line");
}

/** Ids of the timesheet lines that carry an entry's id. */
export async function linesOf(world: World, entry: string): Promise<number[]> {
  const found = await world.tryton.find("timesheet.line", [["uuid", "=", `redmine-${entry}`]], ["uuid"]);
  return found.map((l) => l.id);
}

export async function removeEntry(world: World, id: string | number): Promise<void> {
  await world.redmine.delete(`/time_entries/${id}.json`).catch((error: unknown) => {
    if (!String(error).includes("HTTP 404")) throw error;
  });
}

/** Change a time entry, and change it back when the test ends. */
export async function editEntry(
  world: World,
  id: string | number,
  hours: number,
  was: number,
): Promise<void> {
  const set = (value: number) =>
    world.redmine.put(`/time_entries/${id}.json`, { time_entry: { hours: value } });
  world.afterwards(() => set(was));
  await set(hours);
}

/** Set the hourly price of a project or task in Tryton, and set it back when the test ends. */
export async function setWorkPrice(world: World, work: number, price: string, was: string): Promise<void> {
  const set = (value: string) => world.tryton.write("project.work", [work], { list_price: decimal(value) });
  world.afterwards(() => set(was));
  await set(price);
}

/** Set an issue's custom field in Redmine, and set it back when the test ends. */
export async function setIssueField(
  world: World,
  issue: number,
  field: string,
  value: string,
  was: string,
): Promise<void> {
  const set = (text: string) =>
    world.redmine.put(`/issues/${issue}.json`, {
      issue: { custom_fields: [{ id: at(world.side.redmine.customFields, field), value: text }] },
    });
  world.afterwards(() => set(was));
  await set(value);
}

/** Approved hours of a role on an engagement, as the firm booked them; those on the invoice left out when `uninvoiced`. */
export function hoursOf(engagement: string, role: string, { uninvoiced }: { uninvoiced: boolean }): number {
  const { bookings } = ENGAGEMENTS.find((e) => e.identifier === engagement) ?? { bookings: [] };
  const from = uninvoiced && INVOICED.engagement === engagement ? INVOICED.days : 0;
  return bookings
    .filter((b) => personOf(b.person).role === role)
    .flatMap((b) => b.hours.slice(from))
    .reduce((sum, hours) => sum + hours, 0);
}

/** The signed rate of a role. */
export function rateOf(customer: string, role: string): number {
  return Number(at(customerOf(customer).rates, role));
}

/** Amounts and hours here are small multiples of a quarter of a cent, which binary fractions hold exactly. */
export const money = (amount: number): string => String(amount);

export { at };
