/** Replays the PSA's part of the firm's history: people, projects, bookings, rate cards, weeks of time, milestones, expenses. */
import type { VendorStore } from "../vendor-store.ts";
import { userOf } from "./actors.ts";
import { contractedRate } from "./agreements.ts";
import { DAY, HOUR, MINUTE, taskClosedAt } from "./calendar.ts";
import type { Assignment, Contract, Expense, Firm, Person, Project, Timecard } from "./model.ts";
import { idOf, type Replay, type Withheld } from "./replay.ts";
import {
  assignmentRow,
  contactRow,
  hoursRow,
  projectRow,
  STATUS,
  scheduleRow,
  taskRow,
  timecardRow,
} from "./salesforce-rows.ts";
import type { SalesforceIds } from "./seed-salesforce.ts";

interface Seeding {
  firm: Firm;
  store: VendorStore;
  ids: SalesforceIds;
  replay: Replay;
  withheld: Withheld;
  people: ReadonlyMap<string, Person>;
  projects: ReadonlyMap<string, Project>;
  /** By client. */
  masters: ReadonlyMap<string, Contract>;
}

/** Adds the steps to `replay`; the caller runs it. */
export function seedCertinia(
  firm: Firm,
  store: VendorStore,
  ids: SalesforceIds,
  replay: Replay,
  withheld: Withheld,
): void {
  const seeding: Seeding = {
    firm,
    store,
    ids,
    replay,
    withheld,
    people: new Map(firm.people.map((p) => [p.id, p])),
    projects: new Map(firm.projects.map((p) => [p.id, p])),
    masters: new Map(firm.contracts.filter((c) => c.kind === "master").map((c) => [c.clientId, c])),
  };
  for (const person of firm.people)
    replay.step(person.createdAt, (at) => {
      ids.set(
        person.id,
        store.write(
          "Contact",
          null,
          { ...contactRow(person), pse__Salesforce_User__c: userOf(ids, person.id) },
          { at, by: userOf(ids, "delivery") },
        ),
      );
    });
  seedDimensions(seeding);
  seedRateCards(seeding);
  for (const project of firm.projects) {
    seedProject(seeding, project);
    for (const assignment of project.assignments) seedAssignment(seeding, project, assignment);
  }
  for (const card of firm.timecards) seedTimecard(seeding, card);
  for (const expense of firm.expenses) seedExpense(seeding, expense);
}

/** What projects are grouped by, there before the first of them. */
function seedDimensions({ firm, store, ids, replay }: Seeding): void {
  const first = Math.min(...firm.projects.map((p) => p.createdAt), ...firm.people.map((p) => p.createdAt));
  const dimensions = [
    ["group", "pse__Grp__c", firm.projects.map((p) => p.department)],
    ["practice", "pse__Practice__c", firm.projects.map((p) => p.practice)],
    ["region", "pse__Region__c", firm.projects.map((p) => p.region)],
  ] as const;
  replay.step(first - DAY, (at) => {
    for (const [kind, object, names] of dimensions)
      for (const name of [...new Set(names)].sort())
        ids.set(
          `${kind}:${name}`,
          store.write(object, null, { Name: name }, { at, by: userOf(ids, "delivery") }),
        );
  });
}

/** Each signed contract line reaches the PSA's rate card the next morning. */
function seedRateCards({ firm, store, ids, replay }: Seeding): void {
  for (const contract of firm.contracts)
    for (const rate of contract.rates.filter((r) => r.isSigned)) {
      replay.step(rate.signedAt + 20 * HOUR, (at) => {
        const fields = {
          pse__Account__c: idOf(ids, contract.clientId),
          pse__Role__c: rate.role,
          pse__Suggested_Bill_Rate__c: rate.rate,
          pse__Average_Cost_Rate__c: "0.00",
          pse__Start_Date__c: rate.startOn,
          pse__End_Date__c: null,
          pse__Cascading_Role__c: false,
          CurrencyIsoCode: rate.currency,
        };
        ids.set(
          `${rate.id}-card`,
          store.write("pse__Rate_Card__c", null, fields, { at, by: userOf(ids, "staffing") }),
        );
      });
      if (rate.endedAt !== null)
        replay.step(rate.endedAt + 20 * HOUR, (at) => {
          const end = { pse__End_Date__c: rate.endOn };
          store.write("pse__Rate_Card__c", idOf(ids, `${rate.id}-card`), end, {
            at,
            by: userOf(ids, "staffing"),
          });
        });
    }
}

function seedProject({ store, ids, replay, firm, withheld }: Seeding, project: Project): void {
  const by = userOf(ids, "delivery");
  replay.step(project.createdAt, (at) => {
    const row = { ...projectRow(project, ids), pse__Stage__c: "Planned", pse__Is_Active__c: true };
    const id = store.write("pse__Proj__c", null, row, { at, by });
    ids.set(project.id, id);
    for (const task of project.tasks)
      ids.set(
        task.id,
        store.write("pse__Project_Task__c", null, taskRow(task, id, project.isBillable), { at, by }),
      );
  });
  for (const task of project.tasks) {
    const closedAt = taskClosedAt(task, firm.asOf);
    if (closedAt !== null)
      replay.step(closedAt, (at) => {
        store.write("pse__Project_Task__c", idOf(ids, task.id), { pse__Status__c: "Complete" }, { at, by });
      });
  }
  if (!project.isTemplate)
    replay.step(project.createdAt + 6 * HOUR, (at) => {
      store.write("pse__Proj__c", idOf(ids, project.id), { pse__Stage__c: "In Progress" }, { at, by });
    });
  if (project.completedAt !== null)
    replay.step(project.completedAt, (at) => {
      const done = { pse__Stage__c: "Completed", pse__Is_Active__c: false };
      store.write("pse__Proj__c", idOf(ids, project.id), done, { at, by });
    });
  for (const milestone of project.milestones) {
    replay.step(project.createdAt + HOUR, (at) => {
      const fields = {
        Name: milestone.name,
        pse__Project__c: idOf(ids, project.id),
        pse__Milestone_Amount__c: milestone.amount,
        pse__Target_Date__c: milestone.dueOn,
        pse__Actual_Date__c: null,
        pse__Status__c: "Planned",
        pse__Approved__c: false,
        pse__Include_In_Financials__c: false,
        pse__Billed__c: false,
        pse__Invoiced__c: false,
        CurrencyIsoCode: project.currency,
      };
      ids.set(milestone.id, store.write("pse__Milestone__c", null, fields, { at, by }));
    });
    if (milestone.acceptedAt !== null)
      replay.step(milestone.acceptedAt, (at) => {
        const accepted = {
          pse__Status__c: "Approved",
          pse__Actual_Date__c: milestone.dueOn,
          pse__Approved__c: true,
          pse__Include_In_Financials__c: true,
        };
        store.write("pse__Milestone__c", idOf(ids, milestone.id), accepted, { at, by });
      });
    const invoice = firm.invoices.find((i) => i.lines.some((l) => l.milestoneId === milestone.id));
    if (invoice && !withheld.has(project.id))
      replay.step(invoice.createdAt + 5 * MINUTE, (at) => {
        const billed = { pse__Billed__c: true, pse__Invoiced__c: true };
        store.write("pse__Milestone__c", idOf(ids, milestone.id), billed, { at, by: userOf(ids, "billing") });
      });
  }
}

function seedAssignment(
  { store, ids, replay, people, firm }: Seeding,
  project: Project,
  assignment: Assignment,
): void {
  const person = people.get(assignment.personId) as Person;
  const by = userOf(ids, "staffing");
  const schedule = `${assignment.id}-schedule`;
  replay.step(assignment.createdAt, (at) => {
    const endOn = assignment.firstEndOn ?? assignment.endOn;
    const hours = scheduleRow(assignment.startOn, endOn, assignment.dailyHours);
    const scheduleId = store.write("pse__Schedule__c", null, hours, { at, by });
    ids.set(schedule, scheduleId);
    const row = assignmentRow(assignment, project, person, scheduleId, ids);
    ids.set(assignment.id, store.write("pse__Assignment__c", null, row, { at, by }));
  });
  if (assignment.movedAt !== null)
    replay.step(assignment.movedAt, (at) => {
      store.write(
        "pse__Schedule__c",
        idOf(ids, schedule),
        { pse__End_Date__c: assignment.endOn },
        { at, by },
      );
    });
  for (const { rate, at: when } of assignment.billRates.slice(1))
    replay.step(Math.min(Math.max(when, assignment.createdAt + HOUR), firm.asOf - DAY), (at) => {
      store.write("pse__Assignment__c", idOf(ids, assignment.id), { pse__Bill_Rate__c: rate }, { at, by });
    });
  if (assignment.closedAt !== null)
    replay.step(assignment.closedAt, (at) => {
      store.write("pse__Assignment__c", idOf(ids, assignment.id), { pse__Status__c: "Closed" }, { at, by });
    });
}

function seedTimecard(
  { store, ids, replay, people, projects, masters, withheld }: Seeding,
  card: Timecard,
): void {
  const person = people.get(card.personId) as Person;
  const project = projects.get(card.projectId) as Project;
  const master = masters.get(project.clientId);
  const rate = (master && contractedRate(master, person.role, card.weekStart)?.rate) ?? "0.00";
  const self = userOf(ids, card.personId);
  const manager = userOf(ids, project.managerId);
  const update = (when: number | null, by: string, fields: () => object) => {
    if (when !== null)
      replay.step(when, (at) => {
        store.write("pse__Timecard_Header__c", idOf(ids, card.id), { ...fields() }, { at, by });
      });
  };
  const first = card.rejectedHours ?? card.hours;
  replay.step(card.createdAt, (at) => {
    const begun = first.map((h, n) => (n <= 2 ? h : "0.00"));
    const row = { ...timecardRow(card, project.currency, rate, ids), ...hoursRow(begun) };
    ids.set(card.id, store.write("pse__Timecard_Header__c", null, row, { at, by: self }));
  });
  update(card.completedAt, self, () => hoursRow(first));
  if (card.rejectedAt !== null) {
    update(card.rejectedAt - 2 * HOUR, self, () => STATUS.Submitted);
    update(card.rejectedAt, manager, () => STATUS.Rejected);
  }
  update(card.submittedAt, self, () => ({ ...hoursRow(card.hours), ...STATUS.Submitted }));
  update(card.approvedAt, manager, () => STATUS.Approved);
  const invoicedAt = withheld.has(project.id) ? null : card.invoicedAt;
  update(invoicedAt, userOf(ids, "billing"), () => ({ pse__Billed__c: true, pse__Invoiced__c: true }));
}

function seedExpense({ store, ids, replay, withheld }: Seeding, expense: Expense): void {
  replay.step(expense.createdAt, (at) => {
    const fields = {
      pse__Project__c: idOf(ids, expense.projectId),
      pse__Resource__c: idOf(ids, expense.personId),
      pse__Amount__c: expense.amount,
      pse__Expense_Date__c: expense.incurredOn,
      pse__Type__c: expense.category,
      pse__Status__c: "Submitted",
      pse__Submitted__c: true,
      pse__Approved__c: false,
      pse__Billable__c: expense.isBillable,
      CurrencyIsoCode: expense.currency,
    };
    ids.set(
      expense.id,
      store.write("pse__Expense__c", null, fields, { at, by: userOf(ids, expense.personId) }),
    );
  });
  if (expense.approvedAt !== null)
    replay.step(expense.approvedAt, (at) => {
      const approved = { pse__Status__c: "Approved", pse__Approved__c: true };
      store.write("pse__Expense__c", idOf(ids, expense.id), approved, { at, by: userOf(ids, "delivery") });
    });
  if (expense.invoicedAt !== null && !withheld.has(expense.projectId))
    replay.step(expense.invoicedAt + 5 * MINUTE, (at) => {
      const billed = { pse__Billed__c: true, pse__Invoiced__c: true };
      store.write("pse__Expense__c", idOf(ids, expense.id), billed, { at, by: userOf(ids, "billing") });
    });
}
