/**
 * Keeps the firm working while a demo runs: people log, submit and approve time, bookings and sales move, and the integration
 * carries it to the ERP after a while, sometimes late, now and then never. Keeps clear of everything the answer sheet names, and
 * puts right in time what it calls merely fresh.
 */
import { addDays, type Clock, msOf } from "#core/time";
import { weekLines } from "./faults/books.ts";
import type { SeededStores } from "./faults/planting.ts";
import type { Truth } from "./faults/truth.ts";
import { userOf } from "./firm/actors.ts";
import { dateOf, isWeekday, MINUTE, weekStart } from "./firm/calendar.ts";
import type { Assignment, Firm, Project } from "./firm/model.ts";
import { createRandom } from "./firm/random.ts";
import { idOf } from "./firm/replay.ts";
import { hoursRow, STATUS, timecardRow } from "./firm/salesforce-rows.ts";
import { catchUp, postLine } from "./life/catch-up.ts";

export interface LifeOptions {
  seed: number;
  clock: Clock;
  /** How often something happens. Default 4 seconds. */
  intervalMs?: number;
  /** Of a hundred approved weeks, how many are never posted. Default 2. */
  neverPercent?: number;
}

export interface Life {
  /** Does what is due and one new thing; what the timer calls. */
  tick(): void;
  stop(): void;
  /** Keys of the lines posted so far, and of those that never will be. */
  readonly posted: readonly string[];
  readonly lost: readonly string[];
}

/** A week on its way through approval; people by the firm's own ids. */
interface Week {
  id: string;
  person: string;
  manager: string;
}

interface Booking {
  assignment: Assignment;
  project: Project;
}

const HOURS = ["8.00", "7.50", "6.00", "4.00", "7.25"];

export function startLife(
  sandbox: { firm: Firm; stores: SeededStores; truth: Truth },
  options: LifeOptions,
): Life {
  const { firm, stores, truth } = sandbox;
  const { clock, intervalMs = 4_000, neverPercent = 2 } = options;
  const random = createRandom(options.seed, "life");
  const bookings = untouched(sandbox);
  const opportunities = firm.opportunities.filter((o) => !o.stages.at(-1)?.stage.startsWith("Closed"));
  const employees = new Map(firm.people.map((p) => [p.id, p.employeeNo]));
  const posted: string[] = [];
  const lost: string[] = [];
  const saved: Week[] = [];
  const submitted: Week[] = [];
  let due: { at: number; act: (at: number) => void }[] = [];
  const later = (at: number, act: (at: number) => void) => void due.push({ at, act });

  for (const nearMiss of truth.nearMisses)
    if (nearMiss.pendingUntil !== null) {
      // Well before it would count as a fault, but not at once: its being fresh is worth seeing.
      const window = msOf(nearMiss.pendingUntil) - firm.asOf;
      later(firm.asOf + (window * random.int(30, 70)) / 100, (at) => catchUp(stores, nearMiss, at));
    }

  const header = (id: string, fields: object, who: string, at: number) =>
    stores.salesforce.write(
      "pse__Timecard_Header__c",
      id,
      { ...fields },
      { at, by: userOf(stores.salesforceIds, who) },
    );

  function log(at: number): void {
    const { assignment, project } = random.pick(bookings);
    const day = lastWorkday(dateOf(at));
    const week = weekStart(day);
    const hours = Array.from({ length: 7 }, (_, n) =>
      addDays(week, n) === day ? random.pick(HOURS) : "0.00",
    );
    const card = {
      projectId: project.id,
      assignmentId: assignment.id,
      personId: assignment.personId,
      // Work goes on what is not closed yet.
      taskId: random.pick(openTasks(project, day)).id,
      weekStart: week,
      isBillable: assignment.isBillable,
    };
    const row = timecardRow(
      card,
      project.currency,
      assignment.billRates.at(-1)?.rate ?? "0",
      stores.salesforceIds,
    );
    const by = userOf(stores.salesforceIds, assignment.personId);
    const id = stores.salesforce.write(
      "pse__Timecard_Header__c",
      null,
      { ...row, ...hoursRow(hours) },
      { at, by },
    );
    saved.push({ id, person: assignment.personId, manager: project.managerId });
  }
  function submit(at: number): void {
    const week = saved.shift();
    if (week) {
      header(week.id, STATUS.Submitted, week.person, at);
      submitted.push(week);
    } else log(at);
  }
  function approve(at: number): void {
    const week = submitted.shift();
    if (week) {
      header(week.id, STATUS.Approved, week.manager, at);
      post(week, at);
    } else submit(at);
  }
  function post({ id, person }: Week, at: number): void {
    const employeeNo = employees.get(person) ?? "";
    const linesNow = () => [
      ...weekLines(stores.salesforce.get("pse__Timecard_Header__c", id) ?? {}, employeeNo),
    ];
    if (random.chance(neverPercent)) {
      lost.push(...linesNow().map((l) => l.key));
      return;
    }
    const lag = random.chance(10) ? random.int(5, 40) * MINUTE : random.int(5, 240) * 1_000;
    later(at + lag, (when) => {
      for (const line of linesNow()) {
        postLine(stores, line, when);
        posted.push(line.key);
      }
    });
  }
  function sell(at: number): void {
    if (opportunities.length === 0) return;
    const id = idOf(stores.salesforceIds, random.pick(opportunities).id);
    const fields = { Amount: `${random.int(60, 500)}000.00` };
    stores.salesforce.write("Opportunity", id, fields, { at, by: userOf(stores.salesforceIds, "sales") });
  }
  function extend(at: number): void {
    const { assignment } = random.pick(bookings);
    const id = idOf(stores.salesforceIds, assignment.id);
    const schedule = idOf(stores.salesforceIds, `${assignment.id}-schedule`);
    const endOn = addDays(String(stores.salesforce.get("pse__Schedule__c", schedule)?.pse__End_Date__c), 7);
    const by = userOf(stores.salesforceIds, "staffing");
    stores.salesforce.write("pse__Schedule__c", schedule, { pse__End_Date__c: endOn }, { at, by });
    const moved = { rule: "ASG-03", comparison: "assignments", key: id, why: "", pendingUntil: null };
    later(at + random.int(20, 600) * 1_000, (when) => catchUp(stores, moved, when));
  }

  function tick(): void {
    const now = clock.now();
    const ready = due.filter((d) => d.at <= now).sort((a, b) => a.at - b.at);
    due = due.filter((d) => d.at > now);
    for (const { act } of ready) act(now);
    if (bookings.length > 0)
      random.pick([log, log, log, submit, submit, approve, approve, sell, extend])(now);
  }
  const timer = setInterval(tick, intervalMs);
  return { tick, stop: () => clearInterval(timer), posted, lost };
}

/** Bookings that the answer sheet has nothing to say about: not their project, their person's price, or themselves. */
function untouched({ firm, stores, truth }: { firm: Firm; stores: SeededStores; truth: Truth }): Booking[] {
  const named = new Set(
    [...truth.planted, ...truth.nearMisses].flatMap((t) => [t.key, t.key.split("|").slice(0, 3).join("|")]),
  );
  const id = (own: string) => stores.salesforceIds.get(own) ?? "";
  const roles = new Map(firm.people.map((p) => [p.id, p.role]));
  return firm.projects
    .filter((p) => p.isActive && !p.isTemplate && !named.has(id(p.id)))
    .flatMap((project) => project.assignments.map((assignment) => ({ assignment, project })))
    .filter(
      ({ assignment: a, project }) =>
        a.status === "Scheduled" &&
        a.startOn <= addDays(firm.today, -7) &&
        a.endOn > addDays(firm.today, 7) &&
        !named.has(id(a.id)) &&
        !named.has(`${id(project.clientId)}|${roles.get(a.personId)}|${project.currency}`),
    );
}

/** The tasks that are not over on a day; the last one, when all of them are. */
function openTasks({ tasks }: Project, day: string): Project["tasks"] {
  const open = tasks.filter((t) => t.endOn >= day);
  return open.length > 0 ? open : tasks.slice(-1);
}

/** The day itself, or the Friday before a weekend. */
function lastWorkday(date: string): string {
  return isWeekday(date) ? date : lastWorkday(addDays(date, -1));
}
