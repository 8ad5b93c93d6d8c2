/** Faults and near misses in bookings whose answers are worked out (see sandbox/answers). */
import { addDays } from "#core/time";
import { weekStart } from "../firm/calendar.ts";
import type { Person, Project } from "../firm/model.ts";
import { type Planting, rowsWhere } from "./planting.ts";
import { book, hire, post, sceneFor, work } from "./scene.ts";

const EACH = 2;

/** A few people of a project's own legal entity who have nothing to do with it. */
function strangers(planting: Planting, people: readonly Person[], project: Project): Person[] {
  const { firm, stores, sf } = planting;
  const team = new Set(
    rowsWhere(stores.salesforce, "pse__Assignment__c", "pse__Project__c", sf(project.id)).map((a) =>
      String(a.pse__Resource__c),
    ),
  );
  const priced = new Set(firm.projects.flatMap((p) => p.assignments.map((a) => a.role)));
  return people.filter((p) => p.entity === project.entity && !team.has(sf(p.id)) && priced.has(p.role));
}

function orphaned(planting: Planting): void {
  const { stores, office, settled, firm } = planting;
  const { people, projects } = sceneFor(planting, "faults in orphaned allocations");
  const ahead = { from: addDays(firm.today, -7), to: addDays(firm.today, 45), pct: "10" };
  const place = (n: number) => {
    const project = projects[n % projects.length] as Project;
    return { project, person: (strangers(planting, people, project)[0] ?? people[0]) as Person };
  };
  const deleted = place(0);
  const gone = book(planting, deleted.person, deleted.project, ahead);
  stores.salesforce.remove("pse__Assignment__c", gone, office("staffing", settled()));
  const shut = place(1);
  const over = book(planting, shut.person, shut.project, ahead, { psa: { pse__Status__c: "Closed" } });
  for (const [key, story] of [
    [gone, "The assignment was deleted in the PSA; the ERP's allocation runs on."],
    [over, "The assignment was closed early in the PSA; the ERP's allocation runs on."],
  ] as const)
    planting.expect({ rule: "ASG-02", comparison: "running-allocations", key, story });
  const near = (key: string, why: string) =>
    planting.nearMisses.push({
      rule: "ASG-02",
      comparison: "running-allocations",
      key,
      why,
      pendingUntil: null,
    });
  const ended = { from: addDays(firm.today, -30), to: addDays(firm.today, -1), pct: "10" };
  const past = place(2);
  near(
    book(planting, past.person, past.project, ended, { psa: { pse__Status__c: "Closed" } }),
    "Closed in the PSA; the allocation ended yesterday.",
  );
  const refused = place(3);
  near(
    book(planting, refused.person, refused.project, ahead, {
      psa: { pse__Status__c: "Closed" },
      erp: { approvalStatus: "6" },
    }),
    "The allocation was turned down in the ERP.",
  );
}

function unbooked(planting: Planting): void {
  const { sf, firm } = planting;
  const { people, weeks } = sceneFor(planting, "faults in unbooked time");
  const places = weeks.flatMap(({ card, day, project }) => {
    const [person] = strangers(planting, people, project);
    return person ? [{ card, day, project, person }] : [];
  });
  const bare = { pse__Assignment__c: null };
  for (const [n, { card, day, project, person }] of places.slice(0, EACH).entries()) {
    const week = { ...card, personId: person.id, day, hours: `${n + 2}.50` };
    const allocation = { resourceAllocation: null };
    post(planting, work(planting, week, project, bare), week, project, allocation);
    planting.expect({
      rule: "ASG-06",
      comparison: "booked-time",
      key: `${person.employeeNo}|${sf(project.id)}`,
      story: `${person.employeeNo} helped out on ${project.code} without being booked.`,
    });
  }
  const near = (person: Person, project: Project, why: string) =>
    planting.nearMisses.push({
      rule: "ASG-06",
      comparison: "booked-time",
      key: `${person.employeeNo}|${sf(project.id)}`,
      why,
      pendingUntil: null,
    });
  for (const [n, { card, day, project, person }] of places.slice(EACH, EACH + 2).entries()) {
    const on = addDays(card.weekStart, day);
    const span = { from: n === 0 ? on : addDays(on, -9), to: n === 0 ? addDays(on, 1) : on, pct: "10" };
    book(planting, person, project, span, { psa: { pse__Status__c: "Closed" }, erp: null });
    const week = { ...card, personId: person.id, day, hours: "1.00" };
    post(planting, work(planting, week, project, bare), week, project, { resourceAllocation: null });
    near(
      person,
      project,
      `Worked on the ${n === 0 ? "first" : "last"} day of a booking that is closed by now.`,
    );
  }
  if (places.length < EACH) throw new RangeError(`Seed ${firm.seed} has too few people for unbooked time`);
}

function overbooked(planting: Planting): void {
  const { firm } = planting;
  const { people, projects } = sceneFor(planting, "faults in overbooked people");
  const monday = addDays(weekStart(firm.today), 8);
  const join = (employeeNo: string, n: number) => {
    const project = projects[n % projects.length] as Project;
    const like = (people.find((p) => p.entity === project.entity) ?? people[0]) as Person;
    return { person: hire(planting, like, employeeNo), project };
  };
  const plan = (employeeNo: string, n: number, shares: readonly (readonly [number, number, string])[]) => {
    const { person, project } = join(employeeNo, n);
    for (const [from, to, pct] of shares)
      book(planting, person, project, { from: addDays(monday, from), to: addDays(monday, to), pct });
    return person.employeeNo;
  };
  const faults = [
    plan("E-9031", 0, [
      [0, 11, "80"],
      [3, 4, "40"],
    ]),
    plan("E-9032", 1, [
      [0, 4, "100"],
      [4, 8, "10.01"],
    ]),
  ];
  for (const key of faults)
    planting.expect({
      rule: "ASG-07",
      comparison: "person-load",
      key,
      story: `${key} was promised to two teams at once.`,
    });
  const near = (key: string, why: string) =>
    planting.nearMisses.push({ rule: "ASG-07", comparison: "person-load", key, why, pendingUntil: null });
  const even = plan("E-9033", 2, [
    [0, 4, "60"],
    [2, 4, "50"],
  ]);
  near(even, "Booked for exactly 110 percent, which is allowed.");
  const turns = plan("E-9034", 3, [
    [0, 4, "100"],
    [7, 11, "100"],
  ]);
  near(turns, "Two full bookings, one after the other.");
}

export const ASSIGNMENT_FAULTS: readonly ((planting: Planting) => void)[] = [orphaned, unbooked, overbooked];
