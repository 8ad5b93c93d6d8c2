/** Who works on what: people, projects with tasks and milestones, and the bookings of people on projects. */
import { addDays, type IsoDate } from "#core/time";
import { contractedRate, createSale, ENTITIES, PRICE_LEVEL } from "./agreements.ts";
import { DAY, dateOf, earlier, HOUR, instantAt, later, mondayFrom } from "./calendar.ts";
import type { Assignment, Client, Contract, Milestone, Opportunity, Person, Project, Task } from "./model.ts";
import {
  CONTRACT_ROLES,
  clientPrefix,
  DEPARTMENTS,
  FIRST_NAMES,
  LAST_NAMES,
  MILESTONE_NAMES,
  PRACTICES,
  REGIONS,
  ROLE_PRICES,
  TASK_NAMES,
  UNPRICED_ROLE,
  WORK_NAMES,
} from "./names.ts";
import { hundredths, roundTo } from "./quantities.ts";
import type { Random } from "./random.ts";

export function createPeople(random: Random, projects: number, asOf: number, months: number): Person[] {
  const people: Person[] = [];
  for (const entity of ENTITIES) {
    const size = Math.max(9, Math.ceil(projects * (entity.code === "DE01" ? 0.3 : 0.5)));
    for (let n = 0; n < size; n++) {
      const role = n === size - 1 ? UNPRICED_ROLE : (CONTRACT_ROLES[n % CONTRACT_ROLES.length] as string);
      const price = ((ROLE_PRICES[role] ?? 9_000) * PRICE_LEVEL[entity.currency]) / 100;
      const order = people.length;
      people.push({
        id: `person-${order + 1}`,
        employeeNo: `E-${2_001 + order}`,
        firstName: FIRST_NAMES[order % FIRST_NAMES.length] as string,
        lastName: lastName(order),
        role,
        entity: entity.code,
        currency: entity.currency,
        costRate: hundredths(roundTo((price * random.int(36, 48)) / 100, 50)),
        createdAt: asOf - (months * 31 + random.int(200, 900)) * DAY,
      });
    }
  }
  return people;
}

/** Names do not repeat: the ERP refuses two employees of one name. */
function lastName(order: number): string {
  const name = LAST_NAMES[(order * 7 + Math.floor(order / 20)) % LAST_NAMES.length] as string;
  return order < 400 ? name : `${name} ${Math.floor(order / 400) + 1}`;
}

export interface StaffingInput {
  random: Random;
  clients: readonly Client[];
  masters: ReadonlyMap<string, Contract>;
  people: readonly Person[];
  projects: number;
  asOf: number;
  months: number;
}

export function createProjects(input: StaffingInput): {
  projects: Project[];
  opportunities: Opportunity[];
  contracts: Contract[];
} {
  const { clients, projects: count, asOf } = input;
  const projects: Project[] = [];
  const opportunities: Opportunity[] = [];
  const contracts: Contract[] = [];
  for (let n = 0; n < count; n++) {
    const random = input.random.fork(`project-${n}`);
    const client = clients[n % clients.length] as Client;
    // One in eight is finished, one in thirteen is the firm's own cost; the rest is live, billable work.
    const isActive = n % 8 !== 7;
    const isBillable = n % 13 !== 12;
    const span = projectSpan(random, isActive, asOf, input.months);
    const name = WORK_NAMES[(n * 4 + Math.floor(n / 15)) % WORK_NAMES.length] as string;
    const sale = createSale(random, client, n + 1, name, span.startOn, span.endOn, isFixedPrice(n), asOf);
    opportunities.push(sale.opportunity);
    contracts.push(sale.contract);
    projects.push(createProject(input, random, n, client, sale, name, span, isActive, isBillable));
  }
  return { projects, opportunities, contracts };
}

/** One project in nine is sold at a fixed price. */
function isFixedPrice(order: number): boolean {
  return order % 9 === 4;
}

function projectSpan(random: Random, isActive: boolean, asOf: number, months: number) {
  const today = dateOf(asOf);
  const startOn = mondayFrom(addDays(today, -random.int(isActive ? 40 : 120, months * 30)));
  const endOn = isActive
    ? addDays(today, random.int(60, 240))
    : later(addDays(today, -random.int(45, 90)), addDays(startOn, 20));
  return { startOn, endOn };
}

function createProject(
  input: StaffingInput,
  random: Random,
  order: number,
  client: Client,
  sale: { opportunity: Opportunity; contract: Contract },
  name: string,
  span: { startOn: IsoDate; endOn: IsoDate },
  isActive: boolean,
  isBillable: boolean,
): Project {
  const { asOf, people } = input;
  const { startOn, endOn } = span;
  const id = `project-${order + 1}`;
  const colleagues = people.filter((p) => p.entity === client.entity);
  const managers = colleagues.filter((p) => p.role === "Engagement Manager");
  const createdAt = Math.min(
    Math.max(
      instantAt(addDays(startOn, -random.int(10, 25)), 9, random.int(0, 59)),
      sale.contract.signedAt + HOUR,
    ),
    asOf - 5 * DAY,
  );
  const project: Project = {
    id,
    clientId: client.id,
    contractId: sale.contract.id,
    opportunityId: sale.opportunity.id,
    managerId: random.pick(managers).id,
    code: `${clientPrefix(client.name)}-${startOn.slice(0, 4)}-${String(order + 1).padStart(3, "0")}`,
    name: sale.opportunity.name,
    entity: client.entity,
    currency: client.currency,
    billingType: isFixedPrice(order) ? "Fixed Price" : "Time and Materials",
    department: DEPARTMENTS[order % DEPARTMENTS.length] as string,
    practice: PRACTICES[order % PRACTICES.length] as string,
    region: REGIONS[client.entity],
    isBillable,
    isTemplate: false,
    isActive,
    startOn,
    endOn,
    // Half the clients are invoiced early in the next month, half late: there is always approved work not yet billed.
    billingDay: order % 2 === 0 ? 5 : 26,
    createdAt,
    completedAt: isActive ? null : instantAt(addDays(endOn, 12), 15, random.int(0, 59)),
    tasks: TASK_NAMES.map((task, n): Task => {
      const length = Math.max(
        4,
        Math.floor((Date.parse(endOn) - Date.parse(startOn)) / DAY / TASK_NAMES.length),
      );
      return {
        id: `${id}-task-${n + 1}`,
        name: task,
        startOn: addDays(startOn, n * length),
        endOn: n === TASK_NAMES.length - 1 ? endOn : addDays(startOn, (n + 1) * length - 1),
      };
    }),
    milestones: [],
    assignments: [],
  };
  const master = input.masters.get(client.id) as Contract;
  return {
    ...project,
    name: `${client.name} ${name}`,
    milestones: project.billingType === "Fixed Price" ? createMilestones(random, project, asOf) : [],
    assignments: createAssignments(random, project, master, colleagues, asOf),
  };
}

function createMilestones(random: Random, project: Project, asOf: number): Milestone[] {
  const days = (Date.parse(project.endOn) - Date.parse(project.startOn)) / DAY;
  return MILESTONE_NAMES.map((name, n) => {
    const dueOn = addDays(project.startOn, Math.floor((days * (n + 1)) / MILESTONE_NAMES.length));
    const acceptedAt = instantAt(addDays(dueOn, random.int(1, 6)), 13);
    return {
      id: `${project.id}-milestone-${n + 1}`,
      name,
      amount: hundredths(roundTo(random.int(2_000_000, 9_000_000), 100_000)),
      dueOn,
      acceptedAt: acceptedAt < asOf - 2 * DAY ? acceptedAt : null,
    };
  });
}

function createAssignments(
  random: Random,
  project: Project,
  master: Contract,
  colleagues: readonly Person[],
  asOf: number,
): Assignment[] {
  const today = dateOf(asOf);
  const team = random.shuffled(colleagues.filter((p) => p.role !== UNPRICED_ROLE)).slice(0, random.int(3, 4));
  const coordinator = colleagues.find((p) => p.role === UNPRICED_ROLE);
  if (coordinator && random.chance(18)) team.push(coordinator);
  return team.map((person, n) => {
    const pct = random.pick([100, 100, 80, 60, 50, 40, 20]);
    // The last of a team joins later or has already left.
    const isLast = n === team.length - 1 && team.length > 3;
    const left = isLast && random.chance(40);
    const joinsSoon = isLast && !left && project.isActive && random.chance(50);
    const startOn = joinsSoon
      ? addDays(today, random.int(8, 25))
      : addDays(project.startOn, isLast ? 14 : random.pick([0, 0, 7]));
    const endOn = left ? earlier(addDays(startOn, 28), project.endOn) : project.endOn;
    const createdAt = Math.min(
      Math.max(
        instantAt(addDays(startOn, -random.int(3, 9)), 10, random.int(0, 59)),
        project.createdAt + HOUR,
      ),
      asOf - 3 * DAY,
    );
    const closedAt =
      endOn < addDays(today, -10) ? instantAt(addDays(endOn, random.int(5, 9)), 11, random.int(0, 59)) : null;
    const movedAt = createdAt + random.int(6, 25) * DAY + random.int(0, 300) * 60_000;
    const wasMoved = random.chance(20) && movedAt < asOf - 4 * DAY && dateOf(movedAt) < addDays(endOn, -21);
    return {
      id: `${project.id}-assignment-${n + 1}`,
      projectId: project.id,
      personId: person.id,
      role: person.role,
      startOn,
      endOn,
      firstEndOn: wasMoved ? addDays(endOn, -14) : null,
      movedAt: wasMoved ? movedAt : null,
      allocationPct: pct,
      dailyHours: hundredths(pct * 8),
      isBillable: project.isBillable,
      billRates: project.isBillable
        ? billRates(master, person.role, startOn, endOn, today, createdAt)
        : [{ rate: "0.00", at: createdAt }],
      status: closedAt === null ? "Scheduled" : "Closed",
      createdAt,
      closedAt,
    };
  });
}

/** The booked rate follows the contract: set when booked, changed on the day a new range takes effect. */
function billRates(
  master: Contract,
  role: string,
  startOn: IsoDate,
  endOn: IsoDate,
  today: IsoDate,
  createdAt: number,
): { rate: string; at: number }[] {
  const first = contractedRate(master, role, startOn);
  if (!first) return [{ rate: "95.00", at: createdAt }];
  const changes = master.rates
    .filter((l) => l.isSigned && l.role === role && l.startOn > startOn && l.startOn <= earlier(today, endOn))
    .map((l) => ({ rate: l.rate, at: instantAt(l.startOn, 7) }));
  return [{ rate: first.rate, at: createdAt }, ...changes];
}
