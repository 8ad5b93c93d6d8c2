/**
 * Replays the firm's history in its NetSuite account: what the integration carried over from Salesforce, minutes to hours after
 * it happened there, and the ledger side (periods, invoices, expense reports) that only the ERP has.
 */
import type { Row, VendorStore } from "../vendor-store.ts";
import { NETSUITE_ACCOUNTANT_ID, NETSUITE_INTEGRATION } from "./actors.ts";
import { ENTITIES } from "./agreements.ts";
import {
  addMonths,
  DAY,
  firstOf,
  HOUR,
  instantAt,
  lastOf,
  MINUTE,
  monthOf,
  taskClosedAt,
} from "./calendar.ts";
import type { Contract, Firm, Person, Project } from "./model.ts";
import { CONTRACT_ROLES, UNPRICED_ROLE } from "./names.ts";
import {
  allocationRow,
  allocationSpan,
  CLOSED_JOB,
  CURRENCY_IDS,
  jobRow,
  type NetSuiteIds,
  projectTaskRow,
  SUBSIDIARY_IDS,
  TERMS_IDS,
  timeBillRow,
} from "./netsuite-rows.ts";
import { createRandom } from "./random.ts";
import { createReplay, idOf, type Replay, type VendorIds, type Withheld } from "./replay.ts";
import { seedLedger } from "./seed-ledger.ts";

interface Seeding {
  firm: Firm;
  store: VendorStore;
  salesforce: VendorIds;
  ids: NetSuiteIds;
  replay: Replay;
  withheld: Withheld;
}

const by = NETSUITE_INTEGRATION;

/** Writes everything up to the firm's last instant, oldest first. Returns the internal ids it was given. */
export function seedNetSuite(
  firm: Firm,
  store: VendorStore,
  salesforce: VendorIds,
  withheld: Withheld = new Set<string>(),
): NetSuiteIds {
  const seeding: Seeding = { firm, store, salesforce, ids: new Map(), replay: createReplay(), withheld };
  seedSetup(seeding);
  seedClients(seeding);
  for (const person of firm.people) seedPerson(seeding, person);
  for (const project of firm.projects)
    if (!project.isTemplate && !withheld.has(project.id)) seedProject(seeding, project);
  seedTime(seeding);
  seedLedger(firm, store, salesforce, seeding.ids, seeding.replay, withheld);
  seeding.replay.run();
  return seeding.ids;
}

function seedSetup({ firm, store, ids, replay }: Seeding): void {
  const opened =
    Math.min(...firm.clients.map((c) => c.createdAt), ...firm.people.map((p) => p.createdAt)) - 30 * DAY;
  replay.step(opened, (at) => {
    for (const { currency, fx } of ENTITIES)
      store.write(
        "currency",
        CURRENCY_IDS[currency],
        { name: currency, symbol: currency, exchangeRate: fx, isBaseCurrency: fx === "1", isInactive: false },
        { at, by },
      );
    for (const { code, name, currency } of ENTITIES)
      store.write(
        "subsidiary",
        SUBSIDIARY_IDS[code],
        {
          name,
          legalName: name,
          currency: CURRENCY_IDS[currency],
          country: code.slice(0, 2),
          isInactive: false,
        },
        { at, by },
      );
    for (const role of [...CONTRACT_ROLES, UNPRICED_ROLE])
      ids.set(
        `class:${role}`,
        store.write("billingClass", null, { name: role, isInactive: false }, { at, by }),
      );
    const accountant = {
      entityId: "Ledger Desk",
      firstName: "Ledger",
      lastName: "Desk",
      subsidiary: "1",
      isInactive: false,
    };
    store.write("employee", NETSUITE_ACCOUNTANT_ID, accountant, { at, by });
  });
  const thisMonth = monthOf(firm.today);
  for (
    let month = addMonths(monthOf(firm.since), -2);
    month <= addMonths(thisMonth, 2);
    month = addMonths(month, 1)
  ) {
    const name = month;
    replay.step(opened + HOUR, (at) => {
      const fields = { periodName: name, startDate: firstOf(name), endDate: lastOf(name), closed: false };
      const kind = { isQuarter: false, isYear: false, isAdjust: false };
      ids.set(`period:${name}`, store.write("accountingPeriod", null, { ...fields, ...kind }, { at, by }));
    });
    if (name < addMonths(thisMonth, -1))
      replay.step(Math.min(instantAt(firstOf(addMonths(name, 2)), 5), firm.asOf - HOUR), (at) => {
        store.write(
          "accountingPeriod",
          idOf(ids, `period:${name}`),
          { closed: true },
          { at, by: NETSUITE_ACCOUNTANT_ID },
        );
      });
  }
}

/** A customer and its price card; the card is rewritten on each morning a new contract range takes effect. */
function seedClients({ firm, store, salesforce, ids, replay }: Seeding): void {
  for (const client of firm.clients) {
    const master = firm.contracts.find((c) => c.kind === "master" && c.clientId === client.id);
    if (!master) continue;
    const starts = [...new Set(master.rates.filter((r) => r.isSigned).map((r) => r.startOn))].sort();
    const first = starts[0] ?? master.startOn;
    // Prices are set up between signing and the first day they apply.
    replay.step(master.signedAt + 26 * HOUR, (at) => {
      const card = {
        externalId: idOf(salesforce, client.id),
        name: `${client.name} rates`,
        isInactive: false,
        lines: cardLines(master, first, ids),
      };
      const cardId = store.write("billingRateCard", null, card, { at, by });
      ids.set(`${client.id}-card`, cardId);
      const customer = {
        externalId: idOf(salesforce, client.id),
        entityId: `${client.number} ${client.name}`,
        companyName: client.name,
        subsidiary: SUBSIDIARY_IDS[client.entity],
        currency: CURRENCY_IDS[client.currency],
        billingRateCard: cardId,
        terms: TERMS_IDS[client.paymentTerms],
        creditHoldOverride: "AUTO",
        vatRegNumber: client.taxNumber,
        isInactive: false,
        isPerson: false,
      };
      ids.set(client.id, store.write("customer", null, customer, { at, by }));
    });
    const owner = firm.contracts.find((c) => c.kind === "master" && c.clientId === client.parentId);
    if (owner)
      replay.step(Math.max(master.signedAt, owner.signedAt) + 28 * HOUR, (at) => {
        const parent = idOf(ids, owner.clientId);
        store.write("customer", idOf(ids, client.id), { parent }, { at, by });
      });
    for (const start of starts.slice(1).filter((s) => s <= firm.today))
      replay.step(instantAt(start, 5), (at) => {
        const lines = cardLines(master, start, ids);
        store.write("billingRateCard", idOf(ids, `${client.id}-card`), { lines }, { at, by });
      });
  }
}

/** A card's prices for the contract ranges that start on a date; all roles change together. */
function cardLines(master: Contract, startOn: string, ids: VendorIds): Row[] {
  return master.rates
    .filter((r) => r.isSigned && r.startOn === startOn)
    .map((r) => ({
      billingClassId: idOf(ids, `class:${r.role}`),
      prices: { [CURRENCY_IDS[r.currency]]: r.rate },
    }));
}

function seedPerson({ store, ids, replay }: Seeding, person: Person): void {
  replay.step(person.createdAt + 3 * HOUR, (at) => {
    const fields = {
      externalId: person.employeeNo,
      entityId: `${person.firstName} ${person.lastName}`,
      firstName: person.firstName,
      lastName: person.lastName,
      title: person.role,
      subsidiary: SUBSIDIARY_IDS[person.entity],
      currency: CURRENCY_IDS[person.currency],
      laborCost: person.costRate,
      billingClass: idOf(ids, `class:${person.role}`),
      isJobResource: true,
      isInactive: false,
    };
    ids.set(person.id, store.write("employee", null, fields, { at, by }));
  });
}

function seedProject({ firm, store, salesforce, ids, replay, withheld }: Seeding, project: Project): void {
  replay.step(project.createdAt + 40 * MINUTE, (at) => {
    const row = jobRow(project, idOf(salesforce, project.id), ids);
    const order = firm.contracts.find((c) => c.id === project.contractId)?.poNumber ?? null;
    const id = store.write("job", null, { ...row, custentity_po_number: order }, { at, by });
    ids.set(project.id, id);
    for (const task of project.tasks) {
      const row = projectTaskRow(task, idOf(salesforce, task.id), id, project.isBillable);
      ids.set(task.id, store.write("projectTask", null, row, { at: at + MINUTE, by }));
    }
  });
  for (const task of project.tasks) {
    const closedAt = taskClosedAt(task, firm.asOf);
    if (closedAt !== null)
      replay.step(closedAt + HOUR, (at) => {
        store.write("projectTask", idOf(ids, task.id), { status: "COMPLETE" }, { at, by });
      });
  }
  if (project.completedAt !== null)
    replay.step(project.completedAt + 3 * HOUR, (at) => {
      store.write("job", idOf(ids, project.id), { entityStatus: CLOSED_JOB }, { at, by });
    });
  for (const assignment of project.assignments) {
    if (withheld.has(assignment.id)) continue;
    const lag = createRandom(firm.seed, assignment.id).int(5, 200) * MINUTE;
    replay.step(assignment.createdAt + lag, (at) => {
      const row = allocationRow(
        assignment,
        assignment.firstEndOn ?? assignment.endOn,
        idOf(salesforce, assignment.id),
        ids,
      );
      ids.set(assignment.id, store.write("resourceAllocation", null, row, { at, by }));
    });
    if (assignment.movedAt !== null)
      replay.step(assignment.movedAt + lag, (at) => {
        const span = allocationSpan(assignment.startOn, assignment.endOn, String(assignment.allocationPct));
        store.write("resourceAllocation", idOf(ids, assignment.id), span, { at, by });
      });
  }
}

/** Approved days, posted one by one a few seconds apart; invoiced days are marked posted to the ledger. */
function seedTime({ firm, store, salesforce, ids, replay, withheld }: Seeding): void {
  const projects = new Map(firm.projects.map((p) => [p.id, p]));
  for (const card of firm.timecards) {
    const { postedAt, invoicedAt } = card;
    const project = projects.get(card.projectId);
    if (postedAt === null || !project || withheld.has(project.id)) continue;
    for (const [day, hours] of card.hours.entries()) {
      const line = `${card.id}|${day}`;
      if (hours === "0.00" || withheld.has(line)) continue;
      replay.step(postedAt + day * 2_000, (at) => {
        const row = timeBillRow(card, idOf(salesforce, card.id), day, hours, project.entity, ids);
        ids.set(line, store.write("timeBill", null, row, { at, by }));
      });
      if (invoicedAt !== null)
        replay.step(invoicedAt + MINUTE, (at) => {
          store.write("timeBill", idOf(ids, line), { posted: true }, { at, by: NETSUITE_ACCOUNTANT_ID });
        });
    }
  }
}
