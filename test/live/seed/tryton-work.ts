/** Projects with tasks, prices and allocations; time; and the invoice over the first days. */
import { date, decimal, duration, type TrytonClient } from "../clients/tryton.ts";
import type { TrytonSide } from "../estate.ts";
import { allocationKey, at, type Calendar, customerOf, type Engagement } from "./firm.ts";
import type { BookedTime } from "./redmine.ts";
import { type Books, only } from "./tryton-books.ts";

type Ids = Record<string, number>;
type Works = Pick<TrytonSide["engagements"][string], "project" | "tasks" | "timesheetWorks" | "allocations">;

/** @param issues Redmine issue id by task name */
export async function seedWorks(
  tryton: TrytonClient,
  books: Books,
  engagement: Engagement,
  issues: Readonly<Ids>,
  party: number,
  employees: TrytonSide["employees"],
  calendar: Calendar,
): Promise<Works> {
  const rates = customerOf(engagement.customer).rates;
  const planned = {
    company: books.company,
    timesheet_available: true,
    constraint_start_date: date(calendar.signedOn),
    constraint_finish_date: date(calendar.endsOn),
  };
  const priced = (role: string) => ({
    product: at(books.products, role),
    list_price: decimal(at(rates, role)),
  });
  const project = await only(tryton, "project.work", {
    ...planned,
    ...priced(engagement.role),
    type: "project",
    name: `[${engagement.identifier}] ${engagement.name}`,
    party,
    project_invoice_method: "timesheet",
    effort_duration: duration(0),
  });
  const works: Ids = { [engagement.identifier]: project };
  const tasks: Ids = {};
  for (const task of engagement.tasks) {
    const issue = String(at(issues, task.name));
    const id = await only(tryton, "project.work", {
      ...planned,
      ...priced(task.role),
      type: "task",
      parent: project,
      name: `[#${issue}] ${task.name}`,
      effort_duration: duration(task.plannedHours * 3600),
    });
    tasks[issue] = id;
    works[issue] = id;
  }
  const allocations: Ids = {};
  for (const booking of engagement.bookings) {
    const key = booking.task === null ? engagement.identifier : String(at(issues, booking.task));
    allocations[allocationKey(key, booking.person)] = await only(tryton, "project.allocation", {
      work: at(works, key),
      employee: at(employees, booking.person).employee,
      percentage: booking.percent,
    });
  }
  const timesheetWorks: Ids = {};
  for (const [key, id] of Object.entries(works)) {
    const { timesheet_works } = await tryton.one<{ timesheet_works: number[] }>(
      "project.work",
      [["id", "=", id]],
      ["timesheet_works"],
    );
    timesheetWorks[key] = timesheet_works[0] ?? 0;
  }
  return { project, tasks, timesheetWorks, allocations };
}

/** Time lines under Redmine's ids, in one transaction. Where the server has approvals they are approved. */
export async function postTime(
  tryton: TrytonClient,
  side: Pick<TrytonSide, "company" | "employees" | "engagements">,
  time: readonly BookedTime[],
): Promise<Ids> {
  const known = await tryton.call<Record<string, unknown>>("timesheet.line", "fields_get", [[]]);
  const approved = "approval_state" in known ? { approval_state: "approved" } : {};
  const ids = await tryton.create(
    "timesheet.line",
    ...time.map((booked) => ({
      ...approved,
      company: side.company,
      employee: at(side.employees, booked.person).employee,
      work: at(at(side.engagements, booked.engagement).timesheetWorks, booked.task ?? booked.engagement),
      date: date(booked.on),
      duration: duration(booked.hours * 3600),
      description: booked.note,
      uuid: `redmine-${booked.id}`,
    })),
  );
  return Object.fromEntries(time.map((booked, n) => [String(booked.id), ids[n] ?? 0]));
}

/** Invoice everything on a project that is not invoiced yet, and post it. */
export async function invoiceProject(
  tryton: TrytonClient,
  project: number,
  party: number,
  on: string,
): Promise<{ id: number; number: string; lines: number[] }> {
  await tryton.call("project.work", "invoice", [[project]]);
  const { id } = await tryton.one(
    "account.invoice",
    [
      ["party", "=", party],
      ["state", "=", "draft"],
    ],
    ["id"],
  );
  await tryton.write("account.invoice", [id], { invoice_date: date(on) });
  await tryton.call("account.invoice", "post", [[id]]);
  const posted = await tryton.one<{ id: number; number: string; lines: number[]; state: string }>(
    "account.invoice",
    [["id", "=", id]],
    ["number", "lines", "state"],
  );
  if (posted.state !== "posted") throw new Error(`Invoice ${id} is ${posted.state}, not posted`);
  return { id, number: posted.number, lines: posted.lines };
}
