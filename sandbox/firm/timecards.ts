/**
 * Weeks of work: saved on Tuesday, completed on Friday, submitted, approved after the weekend, posted to the ERP within four hours,
 * invoiced with its month. A step that would fall after the firm's last instant, or so close before it that its consequence
 * would, has not happened yet.
 */
import { add, type DecimalText } from "#core/decimal";
import { addDays, type IsoDate } from "#core/time";
import {
  addMonths,
  DAY,
  dateOf,
  earlier,
  firstOf,
  HOUR,
  instantAt,
  lastOf,
  MINUTE,
  monthOf,
  weekStart,
} from "./calendar.ts";
import type { Assignment, Project, Timecard } from "./model.ts";
import { hundredths } from "./quantities.ts";
import type { Random } from "./random.ts";

/** An approval younger than this would leave its posting inside a settle window. */
const QUIET = 5 * HOUR;

export function createTimecards(
  random: Random,
  projects: readonly Project[],
  since: IsoDate,
  asOf: number,
): Timecard[] {
  const cards: Timecard[] = [];
  for (const project of projects)
    for (const assignment of project.assignments) {
      const own = random.fork(assignment.id);
      const today = dateOf(asOf);
      const last = earlier(assignment.endOn, addDays(today, -1));
      const first = weekStart(assignment.startOn < since ? since : assignment.startOn);
      for (let week = first; week <= last; week = addDays(week, 7)) {
        const card = createWeek(own, project, assignment, week, last, asOf);
        if (card) cards.push(card);
      }
    }
  return cards.sort((a, b) => a.createdAt - b.createdAt);
}

function createWeek(
  random: Random,
  project: Project,
  assignment: Assignment,
  week: IsoDate,
  last: IsoDate,
  asOf: number,
): Timecard | null {
  const planned = Math.round(assignment.allocationPct * 8);
  const days = Array.from({ length: 7 }, (_, n) => {
    const date = addDays(week, n);
    const off = n === 0 || n === 6 || date < assignment.startOn || date > last;
    const noise = random.pick([0, 0, 0, 0, 25, 50, -25, -50, 75]);
    return off || random.chance(3) ? 0 : Math.max(planned + noise, 50);
  });
  if (days.every((d) => d === 0)) return null;
  const hours = days.map(hundredths);

  const created = instantAt(addDays(week, 2), 17, random.int(0, 59));
  const completed = instantAt(addDays(week, 5), 16, random.int(0, 59));
  const isLate = random.chance(4);
  const sentBack = random.chance(5);
  const submitted = completed + (isLate ? random.int(6, 11) * DAY : random.int(20, 200) * MINUTE);
  const reviewed = isLate
    ? submitted + random.int(3, 20) * HOUR
    : instantAt(addDays(week, random.int(8, 9)), random.int(9, 17), random.int(0, 59));
  const resubmitted = sentBack ? reviewed + random.int(2, 8) * HOUR : submitted;
  const approved = sentBack ? resubmitted + random.int(3, 26) * HOUR : reviewed;
  const posted = approved + random.int(20, 210) * MINUTE;

  const happened = (at: number) => at < asOf - 30 * MINUTE;
  if (!happened(created)) return null;
  const isApproved = posted < asOf - QUIET;
  const isRejected = sentBack && happened(reviewed) && happened(resubmitted);
  const isSubmitted = happened(submitted) && (!sentBack || isRejected);
  return {
    id: `${assignment.id}-week-${week}`,
    projectId: project.id,
    assignmentId: assignment.id,
    personId: assignment.personId,
    taskId: taskOn(project, addDays(week, 1)),
    weekStart: week,
    isBillable: assignment.isBillable && !random.chance(3),
    hours,
    rejectedHours: isRejected ? hours.map((h, n) => (n === firstWorked(hours) ? add(h, "1") : h)) : null,
    createdAt: created,
    completedAt: happened(completed) ? completed : null,
    rejectedAt: isRejected ? reviewed : null,
    submittedAt: isSubmitted ? resubmitted : null,
    approvedAt: isApproved ? approved : null,
    postedAt: isApproved ? posted : null,
    invoicedAt: null,
  };
}

function firstWorked(hours: readonly DecimalText[]): number {
  return hours.findIndex((h) => h !== "0.00");
}

function taskOn(project: Project, date: IsoDate): string {
  const task = project.tasks.find((t) => t.startOn <= date && date <= t.endOn) ?? project.tasks[0];
  if (!task) throw new RangeError(`${project.id} has no tasks.`);
  return task.id;
}

/** The instants at which a project is invoiced, with the last day of work each run covers. */
export function invoiceRuns(
  project: Project,
  since: IsoDate,
  asOf: number,
): { at: number; until: IsoDate; month: string }[] {
  const runs: { at: number; until: IsoDate; month: string }[] = [];
  for (let month = monthOf(since); ; month = addMonths(month, 1)) {
    const day = addDays(firstOf(addMonths(month, 1)), project.billingDay - 1);
    const at = instantAt(day, 14, 10);
    if (at > asOf - 6 * HOUR) return runs;
    runs.push({ at, until: lastOf(month), month });
  }
}
