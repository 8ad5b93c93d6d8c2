/** Puts the make-believe firm together. The same options give the same firm, to the last minute. */
import { addDays, type IsoDate } from "#core/time";
import { createClients, createMaster, createOtherSales, ENTITIES } from "./agreements.ts";
import { createExpenses, invoiceTime } from "./billing.ts";
import { dateOf, HOUR } from "./calendar.ts";
import type { Firm, Project } from "./model.ts";
import { createRandom } from "./random.ts";
import { createPeople, createProjects } from "./staffing.ts";
import { createTimecards } from "./timecards.ts";

export interface FirmOptions {
  seed: number;
  /** At least 20, or there is not enough room to plant every kind of fault apart. Default 40. */
  projects?: number;
  /** How far back recorded work goes. Default 6. */
  months?: number;
  /** The instant at which the firm is frozen, epoch milliseconds. */
  asOf: number;
}

/** Throws RangeError on fewer than 20 projects or less than 3 months. */
export function createFirm(options: FirmOptions): Firm {
  const { seed, asOf, projects: count = 40, months = 6 } = options;
  if (count < 20 || months < 3)
    throw new RangeError("The make-believe firm needs at least 20 projects and 3 months.");
  const random = createRandom(seed);
  const today = dateOf(asOf);
  const since: IsoDate = addDays(today, -months * 30);
  const clients = createClients(random.fork("clients"), Math.max(9, Math.round(count * 0.35)), asOf, months);
  const masters = new Map(
    clients.map((c, n) => [c.id, createMaster(random.fork(`master-${n}`), c, n, asOf, months)]),
  );
  const people = createPeople(random.fork("people"), count, asOf, months);
  const work = createProjects({
    random: random.fork("work"),
    clients,
    masters,
    people,
    projects: count,
    asOf,
    months,
  });
  const timecards = createTimecards(random.fork("time"), work.projects, since, asOf);
  const byId = new Map(people.map((p) => [p.id, p]));
  const expenses = createExpenses(random.fork("expenses"), work.projects, since, asOf);
  const invoices = invoiceTime(work.projects, masters, byId, timecards, expenses, since, asOf);
  return {
    seed,
    asOf,
    today,
    since,
    entities: ENTITIES,
    clients,
    opportunities: [...work.opportunities, ...createOtherSales(random.fork("sales"), clients, asOf)],
    contracts: [...masters.values(), ...work.contracts],
    people,
    projects: [...work.projects, template(work.projects[0] as Project)],
    timecards,
    expenses,
    invoices,
  };
}

/** What new projects are copied from: active and billable, yet no work is ever booked on it and the ERP never hears of it. */
function template(like: Project): Project {
  return {
    ...like,
    id: "project-template",
    code: "TEMPLATE-TM",
    name: "Template: time and materials",
    isTemplate: true,
    isActive: true,
    isBillable: true,
    completedAt: null,
    createdAt: like.createdAt + 2 * HOUR,
    tasks: [],
    milestones: [],
    assignments: [],
  };
}
