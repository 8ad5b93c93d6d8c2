/** What the firm bills and reimburses: monthly invoices over approved time and accepted milestones, and expenses. */
import { multiply, sum } from "#core/decimal";
import { addDays, type IsoDate } from "#core/time";
import { contractedRate } from "./agreements.ts";
import { DAY, dateOf, HOUR, instantAt } from "./calendar.ts";
import type {
  Contract,
  Expense,
  Invoice,
  InvoiceLine,
  Milestone,
  Person,
  Project,
  Timecard,
} from "./model.ts";
import { EXPENSE_CATEGORIES } from "./names.ts";
import { hundredths } from "./quantities.ts";
import type { Random } from "./random.ts";
import { invoiceRuns } from "./timecards.ts";

/**
 * Invoices what of every project is approved, billable and not yet invoiced at each of its runs: weeks of time, accepted milestones,
 * expenses. Marks the weeks and expenses.
 */
export function invoiceTime(
  projects: readonly Project[],
  masters: ReadonlyMap<string, Contract>,
  people: ReadonlyMap<string, Person>,
  timecards: readonly Timecard[],
  expenses: readonly Expense[],
  since: IsoDate,
  asOf: number,
): Invoice[] {
  const byProject = new Map<string, Timecard[]>();
  for (const card of timecards) {
    const list = byProject.get(card.projectId) ?? [];
    list.push(card);
    byProject.set(card.projectId, list);
  }
  const drafts: Omit<Invoice, "id" | "number">[] = [];
  for (const project of projects) {
    const master = masters.get(project.clientId);
    if (!project.isBillable || !master) continue;
    const billed = new Set<string>();
    for (const run of invoiceRuns(project, since, asOf)) {
      const due = (byProject.get(project.id) ?? []).filter(
        (c) =>
          c.isBillable &&
          c.invoicedAt === null &&
          addDays(c.weekStart, 6) <= run.until &&
          // Posted well before the run, so that what is invoiced is in the ERP.
          c.postedAt !== null &&
          c.postedAt < run.at - HOUR,
      );
      const spent = expenses.filter(
        (e) =>
          e.projectId === project.id &&
          e.invoicedAt === null &&
          e.incurredOn <= run.until &&
          e.postedAt !== null &&
          e.postedAt < run.at - HOUR,
      );
      const reached = project.milestones.filter(
        (m) =>
          !billed.has(m.id) && m.dueOn <= run.until && m.acceptedAt !== null && m.acceptedAt < run.at - DAY,
      );
      const lines = [
        ...due.flatMap((card) => linesFor(card, master, people)),
        ...reached.map(milestoneLine),
        ...spent.map(expenseLine),
      ];
      for (const card of due) card.invoicedAt = run.at;
      for (const expense of spent) expense.invoicedAt = run.at;
      for (const milestone of reached) billed.add(milestone.id);
      if (lines.length === 0) continue;
      drafts.push({
        clientId: project.clientId,
        projectId: project.id,
        currency: project.currency,
        entity: project.entity,
        issuedOn: dateOf(run.at),
        createdAt: run.at,
        total: sum(lines.map((l) => l.amount)),
        lines,
      });
    }
  }
  return drafts
    .sort((a, b) => a.createdAt - b.createdAt)
    .map((d, n) => ({ id: `invoice-${n + 1}`, number: `INV${10_001 + n}`, ...d }));
}

/** One line per day with hours. Work by a role that no contract prices is billed at twice what it costs. */
function linesFor(card: Timecard, master: Contract, people: ReadonlyMap<string, Person>): InvoiceLine[] {
  const person = people.get(card.personId);
  if (!person) return [];
  return card.hours.flatMap((hours, day): InvoiceLine[] => {
    const on = addDays(card.weekStart, day);
    if (hours === "0.00") return [];
    const rate = contractedRate(master, person.role, on)?.rate ?? multiply(person.costRate, "2");
    const description = `${person.firstName} ${person.lastName}, ${person.role}, ${on}`;
    const timeLine = `${card.id}|${day}`;
    return [
      {
        description,
        hours,
        rate,
        amount: multiply(hours, rate),
        milestoneId: null,
        timeLine,
        expenseId: null,
      },
    ];
  });
}

function milestoneLine(milestone: Milestone): InvoiceLine {
  return {
    description: milestone.name,
    hours: "0",
    rate: null,
    amount: milestone.amount,
    milestoneId: milestone.id,
    timeLine: null,
    expenseId: null,
  };
}

function expenseLine(expense: Expense): InvoiceLine {
  return {
    description: `${expense.category}, ${expense.incurredOn}`,
    hours: "0",
    rate: null,
    amount: expense.amount,
    milestoneId: null,
    timeLine: null,
    expenseId: expense.id,
  };
}

export function createExpenses(
  random: Random,
  projects: readonly Project[],
  since: IsoDate,
  asOf: number,
): Expense[] {
  const expenses: Expense[] = [];
  const today = dateOf(asOf);
  for (const project of projects) {
    const own = random.fork(project.id);
    const travellers = project.assignments.filter((a) => a.startOn < today);
    if (travellers.length === 0) continue;
    for (let n = own.int(0, 4); n > 0; n--) {
      const traveller = own.pick(travellers);
      const incurredOn = addDays(traveller.startOn < since ? since : traveller.startOn, own.int(1, 40));
      if (incurredOn >= addDays(today, -2) || incurredOn > traveller.endOn) continue;
      const createdAt = instantAt(addDays(incurredOn, 1), 18, own.int(0, 59));
      const approvedAt = createdAt + own.int(1, 6) * DAY;
      const postedAt = approvedAt + own.int(1, 3) * HOUR;
      const isApproved = postedAt < asOf - 6 * HOUR;
      expenses.push({
        id: `expense-${expenses.length + 1}`,
        projectId: project.id,
        personId: traveller.personId,
        incurredOn,
        amount: hundredths(own.int(1_850, 96_000)),
        currency: project.currency,
        category: own.pick(EXPENSE_CATEGORIES),
        isBillable: project.isBillable,
        createdAt,
        approvedAt: isApproved ? approvedAt : null,
        postedAt: isApproved ? postedAt : null,
        invoicedAt: null,
      });
    }
  }
  return expenses;
}
