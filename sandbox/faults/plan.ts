/**
 * Which projects, prices, bookings and lines a fault is planted on. Chosen from the firm alone, so that the same firm always gets
 * the same faults and the seeders can be told beforehand what must never reach the ERP. Every target is used once.
 */
import { InvariantError } from "#core/errors";
import { addDays } from "#core/time";
import { contractedRate } from "../firm/agreements.ts";
import { addMonths, DAY, dateOf, firstOf, monthOf } from "../firm/calendar.ts";
import type {
  Assignment,
  Client,
  Contract,
  ContractRate,
  Firm,
  Person,
  Project,
  Timecard,
} from "../firm/model.ts";
import { UNPRICED_ROLE } from "../firm/names.ts";
import { createRandom } from "../firm/random.ts";
import { type NamesAndStates, planNamesAndStates } from "./plan-names-and-states.ts";
import { pool } from "./pool.ts";

/** One day of a week of time. */
export interface LineTarget {
  card: Timecard;
  day: number;
  project: Project;
  person: Person;
}
export interface RateTarget {
  client: Client;
  master: Contract;
  /** The line in force today. */
  line: ContractRate;
}
export interface AssignmentTarget {
  assignment: Assignment;
  project: Project;
  person: Person;
}

export interface FaultPlan extends NamesAndStates {
  projects: Record<"missing" | "code" | "dates" | "near", readonly Project[]>;
  rates: Record<"missingErp" | "missingPsa" | "wrongErp" | "wrongPsa" | "near", readonly RateTarget[]>;
  /** Signed lines of earlier years, of one customer, to be entered twice. */
  repeatedRates: readonly { master: Contract; line: ContractRate }[];
  assignments: Record<"missing" | "moved" | "rate" | "repeated" | "near", readonly AssignmentTarget[]>;
  lines: Record<
    | "missing"
    | "missingUnpriced"
    | "missingNonBillable"
    | "recalled"
    | "hours"
    | "date"
    | "project"
    | "twice"
    | "unlinked"
    | "unposted"
    | "near",
    readonly LineTarget[]
  >;
  /** What never reaches the ERP; see `Withheld`. */
  withheld: ReadonlySet<string>;
}

/** How many near misses of each family need a target of their own. */
const NEAR = { projects: 5, rates: 3, assignments: 6, lines: 7 } as const;

/** @param perRule faults per rule, and per variant of a rule. Throws InvariantError when the firm is too small for them. */
export function planFaults(firm: Firm, perRule: number): FaultPlan {
  const random = createRandom(firm.seed, "faults");
  const people = new Map(firm.people.map((p) => [p.id, p]));
  const masters = new Map(firm.contracts.filter((c) => c.kind === "master").map((c) => [c.clientId, c]));
  const byId = new Map(firm.projects.map((p) => [p.id, p]));
  const isPriced = (project: Project, personId: string, on: string) => {
    const master = masters.get(project.clientId);
    const role = people.get(personId)?.role ?? "";
    return master !== undefined && contractedRate(master, role, on) !== null;
  };

  const unbilled = settledLines(firm, byId, people);
  const hasUnbilled = new Set(
    unbilled
      .filter((l) => l.card.isBillable && isPriced(l.project, l.person.id, lineDate(l)))
      .map((l) => l.project.id),
  );
  const live = firm.projects.filter((p) => p.isActive && p.isBillable && !p.isTemplate);
  const projectPool = pool(
    random,
    live.filter((p) => p.billingType === "Time and Materials" && hasUnbilled.has(p.id)),
    (p) => p.entity,
  );
  // The youngest: what was never set up in the ERP has not been missed for long.
  const missing = projectPool.take(perRule, "projects", (a, b) => (a.startOn > b.startOn ? -1 : 1));
  const projects = {
    missing,
    code: projectPool.take(perRule, "projects"),
    dates: projectPool.take(perRule, "projects"),
  };
  const taken = new Set(Object.values(projects).flatMap((list) => list.map((p) => p.id)));
  const nearPool = pool(
    random,
    live.filter((p) => !taken.has(p.id)),
    (p) => p.entity,
  );

  const nearProjects = nearPool.take(NEAR.projects, "projects");

  const gone = new Set(missing.map((p) => p.id));
  const lines = unbilled.filter((l) => !gone.has(l.project.id));
  const priced = lines.filter((l) => l.card.isBillable && isPriced(l.project, l.person.id, lineDate(l)));
  const linePool = pool(random, priced, (l) => l.project.entity);
  const oddPool = (want: (l: LineTarget) => boolean) =>
    pool(random, lines.filter(want), (l) => l.project.entity);

  const assignmentPool = pool(
    random,
    live
      // A booking is as fresh as its project, and the fourth of these is changed minutes before the end.
      .filter((p) => !gone.has(p.id) && p !== nearProjects[3])
      .flatMap((project) =>
        project.assignments.map((assignment) => ({
          assignment,
          project,
          person: people.get(assignment.personId) as Person,
        })),
      )
      .filter(
        ({ assignment: a, project, person }) =>
          a.status === "Scheduled" &&
          a.startOn <= addDays(firm.today, -7) &&
          a.endOn >= addDays(firm.today, 20) &&
          isPriced(project, person.id, firm.today),
      ),
    (a) => a.project.entity,
  );
  const { states, customers } = planNamesAndStates(firm, perRule, {
    live,
    unbilled: hasUnbilled,
    isCustomer: (client) => masters.has(client.id),
    gone: new Set([...gone, ...nearProjects.slice(3).map((p) => p.id)]),
    taken,
  });
  const ratePool = pool(
    random,
    rateTargets(firm, masters, priced),
    (r) => r.client.entity,
    // A price in the ERP is as fresh as the customer it is for, and the third of these is changed minutes before the end.
    (r) => r.client !== customers.near[2],
  );
  const price = (count = perRule) => ratePool.take(count, "prices");
  const booking = (count = perRule) => assignmentPool.take(count, "bookings");
  const line = (count = perRule) => linePool.take(count, "time lines");
  const plan: Omit<FaultPlan, "withheld"> = {
    projects: { ...projects, near: nearProjects },
    states,
    customers,
    rates: {
      missingErp: price(),
      missingPsa: price(),
      wrongErp: price(),
      wrongPsa: price(),
      near: price(NEAR.rates),
    },
    repeatedRates: repeatedRates(masters, perRule),
    assignments: {
      missing: booking(),
      moved: booking(),
      rate: booking(),
      repeated: booking(),
      near: booking(NEAR.assignments),
    },
    lines: {
      missing: line(),
      recalled: line(),
      hours: line(),
      date: line(),
      project: line(),
      twice: line(),
      unlinked: line(),
      missingUnpriced: oddPool((l) => l.card.isBillable && l.person.role === UNPRICED_ROLE).upTo(1),
      missingNonBillable: oddPool((l) => !l.card.isBillable && l.project.isBillable).upTo(1),
      unposted: line(1),
      near: line(NEAR.lines),
    },
  };
  return { ...plan, withheld: withheldBy(plan) };
}

export function lineDate(line: LineTarget): string {
  return addDays(line.card.weekStart, line.day);
}

/** A line's id among the firm's own: what the seeder files its NetSuite id under. */
export function lineId(line: LineTarget): string {
  return `${line.card.id}|${line.day}`;
}

/** Days other than the target's that carry hours. */
export function otherDays({ card, day }: LineTarget): number[] {
  return card.hours.flatMap((h, n) => (n !== day && h !== "0.00" ? [n] : []));
}

/** One line of each week that is approved, posted days ago, not invoiced, and in a period that is still open. */
function settledLines(
  firm: Firm,
  projects: ReadonlyMap<string, Project>,
  people: ReadonlyMap<string, Person>,
): LineTarget[] {
  const open = firstOf(addMonths(monthOf(dateOf(firm.asOf)), -1));
  return firm.timecards.flatMap((card) => {
    if (card.invoicedAt !== null || card.postedAt === null || card.postedAt > firm.asOf - 3 * DAY) return [];
    const day = card.hours.findIndex((h, n) => h !== "0.00" && addDays(card.weekStart, n) >= open);
    const project = projects.get(card.projectId);
    const person = people.get(card.personId);
    return day < 0 || !project?.isActive || !person ? [] : [{ card, day, project, person }];
  });
}

/** Prices in force today under which unbilled work was done. */
function rateTargets(
  firm: Firm,
  masters: ReadonlyMap<string, Contract>,
  unbilled: readonly LineTarget[],
): RateTarget[] {
  const used = new Set(unbilled.map((l) => `${l.project.clientId}|${l.person.role}`));
  return firm.clients.flatMap((client) => {
    const master = masters.get(client.id);
    if (!master) return [];
    const roles = [...new Set(master.rates.map((r) => r.role))].filter((role) =>
      used.has(`${client.id}|${role}`),
    );
    return roles.flatMap((role) => {
      const line = contractedRate(master, role, firm.today);
      return line ? [{ client, master, line }] : [];
    });
  });
}

/** Of the customer whose earlier prices ended longest ago, so that no recent work is priced by a line entered twice. */
function repeatedRates(masters: ReadonlyMap<string, Contract>, count: number) {
  const ended = [...masters.values()]
    .map((master) => ({
      master,
      lines: master.rates.filter((r) => r.isSigned && r.endedAt !== null && r.endOn !== null),
    }))
    .filter(({ lines }) => lines.length >= count)
    .sort((a, b) => ((a.lines[0]?.endOn ?? "") < (b.lines[0]?.endOn ?? "") ? -1 : 1));
  const [oldest] = ended;
  if (!oldest)
    throw new InvariantError("sandbox.too-small", "No customer has prices of an earlier year to enter twice");
  const roles = new Set<string>();
  const first = oldest.lines.filter((l) => !roles.has(l.role) && roles.add(l.role));
  return first.slice(0, count).map((line) => ({ master: oldest.master, line }));
}

function withheldBy(plan: Omit<FaultPlan, "withheld">): Set<string> {
  const { missing, missingUnpriced, missingNonBillable, recalled, unposted } = plan.lines;
  return new Set([
    ...plan.projects.missing.map((p) => p.id),
    ...plan.assignments.missing.map((a) => a.assignment.id),
    ...[...missing, ...missingUnpriced, ...missingNonBillable].map(lineId),
    ...unposted.flatMap((l) => [lineId(l), ...otherDays(l).map((day) => `${l.card.id}|${day}`)]),
    // Of a week that was recalled, a single day had reached the ERP.
    ...recalled.flatMap((l) => otherDays(l).map((day) => `${l.card.id}|${day}`)),
  ]);
}
