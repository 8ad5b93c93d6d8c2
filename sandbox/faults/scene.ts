/** Where faults about delivery are planted: live projects, people and weeks nothing else is wrong with, and what is added to them. */
import { addDays } from "#core/time";
import { addMonths, firstOf, monthOf } from "../firm/calendar.ts";
import type { Person, Project, Timecard } from "../firm/model.ts";
import { allocationSpan, SUBSIDIARY_IDS, timeBillRow } from "../firm/netsuite-rows.ts";
import { createRandom, type Random } from "../firm/random.ts";
import {
  contactRow,
  hoursRow,
  STATUS,
  scheduleRow,
  timecardRow,
  type WeekOfWork,
} from "../firm/salesforce-rows.ts";
import type { Row } from "../vendor-store.ts";
import type { Planting } from "./planting.ts";

export interface Scene {
  random: Random;
  /** Live billable projects that no other fault needs, in no order. */
  projects: Project[];
  /** People that no other fault needs, in no order. */
  people: Person[];
  /** Approved and posted weeks of those projects that are not invoiced, one of each, with a day that carries hours. */
  weeks: { card: Timecard; day: number; project: Project }[];
}

/** @param label what is planted: each draws on its own, so that nothing depends on what else is planted */
export function sceneFor({ firm, plan }: Planting, label: string): Scene {
  const random = createRandom(firm.seed, label);
  const targets = [...Object.values(plan.lines).flat(), ...Object.values(plan.assignments).flat()];
  const taken = new Set([
    ...Object.values(plan.projects).flatMap((list) => list.map((p) => p.id)),
    ...Object.values(plan.states).flatMap((list) => list.map((p) => p.id)),
    ...targets.map((t) => t.project.id),
  ]);
  const busy = new Set(targets.map((t) => t.person.id));
  const live = firm.projects.filter(
    (p) => p.isActive && p.isBillable && !p.isTemplate && !plan.withheld.has(p.id),
  );
  const calm = live.filter((p) => !taken.has(p.id));
  const projects = random.shuffled(calm.length >= 6 ? calm : live.filter((p) => !isFresh(plan, p)));
  const open = firstOf(addMonths(monthOf(firm.today), -1));
  const weeks = projects.flatMap((project) => {
    for (const card of firm.timecards) {
      if (card.projectId !== project.id || card.postedAt === null || card.invoicedAt !== null) continue;
      const day = card.hours.findIndex((h, n) => h !== "0.00" && addDays(card.weekStart, n) >= open);
      if (day >= 0 && card.isBillable) return [{ card, day, project }];
    }
    return [];
  });
  const people = random.shuffled(firm.people.filter((p) => !busy.has(p.id)));
  return { random, projects, people: people.length >= 6 ? people : random.shuffled(firm.people), weeks };
}

/** Projects that were changed minutes ago: nothing on them can be judged yet. */
function isFresh(plan: Planting["plan"], project: Project): boolean {
  return [...plan.projects.near.slice(3), ...plan.states.near, ...plan.projects.missing].includes(project);
}

/** Approves one day of work in the PSA, on top of what there is. Returns the timecard's id. */
export function work(
  { stores, office, settled }: Planting,
  week: WeekOfWork & { day: number; hours: string },
  project: Project,
  more: Row = {},
): string {
  const hours = Array.from({ length: 7 }, (_, n) => (n === week.day ? week.hours : "0.00"));
  const row = {
    ...timecardRow(week, project.currency, "0.00", stores.salesforceIds),
    ...hoursRow(hours),
    ...STATUS.Approved,
    ...more,
  };
  return stores.salesforce.write("pse__Timecard_Header__c", null, row, office(week.personId, settled()));
}

/** Posts that day to the ERP, as the integration does. */
export function post(
  { stores, byHand, settled }: Planting,
  header: string,
  week: WeekOfWork & { day: number; hours: string },
  project: Project,
  more: Row = {},
): void {
  const row = timeBillRow(week, header, week.day, week.hours, project.entity, stores.netsuiteIds);
  stores.netsuite.write("timeBill", null, { ...row, ...more }, byHand(settled()));
}

/** A person nobody has heard of before, in the PSA and, unless told otherwise, in the ERP; their own id is the employee number. */
export function hire(
  { stores, office, byHand, settled }: Planting,
  like: Person,
  employeeNo: string,
  options: { inErp?: boolean; psa?: Row; erp?: Row; at?: number } = {},
): Person {
  const person = { ...like, id: employeeNo, employeeNo, firstName: "New", lastName: `Joiner ${employeeNo}` };
  const at = options.at ?? settled();
  stores.salesforceIds.set(
    person.id,
    stores.salesforce.write(
      "Contact",
      null,
      { ...contactRow(person), ...options.psa },
      office("delivery", at),
    ),
  );
  if (options.inErp !== false) {
    const row = {
      externalId: employeeNo,
      entityId: `${person.firstName} ${person.lastName}`,
      firstName: person.firstName,
      lastName: person.lastName,
      title: person.role,
      subsidiary: SUBSIDIARY_IDS[person.entity],
      currency: stores.netsuite.get("employee", stores.netsuiteIds.get(like.id) ?? "")?.currency ?? null,
      laborCost: person.costRate,
      billingClass: stores.netsuiteIds.get(`class:${person.role}`) ?? null,
      isJobResource: true,
      isInactive: false,
      ...options.erp,
    };
    stores.netsuiteIds.set(person.id, stores.netsuite.write("employee", null, row, byHand(settled())));
  }
  return person;
}

/** Books a person on a project, unbilled, in both systems; `psa` or `erp` change what is written, null leaves it out. Returns the key. */
export function book(
  { stores, office, byHand, settled }: Planting,
  person: Person,
  project: Project,
  span: { from: string; to: string; pct: string },
  options: { psa?: Row; erp?: Row | null } = {},
): string {
  const { from, to, pct } = span;
  const by = office("staffing", settled());
  const schedule = stores.salesforce.write("pse__Schedule__c", null, scheduleRow(from, to, "1.00"), by);
  const row = {
    Name: `${person.firstName} ${person.lastName}`,
    pse__Project__c: stores.salesforceIds.get(project.id) ?? null,
    pse__Resource__c: stores.salesforceIds.get(person.id) ?? null,
    pse__Schedule__c: schedule,
    pse__Role__c: person.role,
    pse__Status__c: "Scheduled",
    pse__Is_Billable__c: false,
    pse__Bill_Rate__c: "0.00",
    pse__Percent_Allocated__c: pct,
    CurrencyIsoCode: project.currency,
    ...options.psa,
  };
  const key = stores.salesforce.write("pse__Assignment__c", null, row, by);
  if (options.erp !== null) {
    const allocation = {
      externalId: key,
      allocationResource: stores.netsuiteIds.get(person.id) ?? null,
      project: stores.netsuiteIds.get(project.id) ?? null,
      ...allocationSpan(from, to, pct),
      allocationUnit: "P",
      allocationType: "1",
      approvalStatus: "5",
      ...options.erp,
    };
    stores.netsuite.write("resourceAllocation", null, allocation, byHand(settled()));
  }
  return key;
}
