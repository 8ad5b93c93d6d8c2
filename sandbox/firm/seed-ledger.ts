/** The documents that live in the ERP: charges for milestones, invoices to clients and expense reports of people. */

import { addDays } from "#core/time";
import type { Row, VendorStore } from "../vendor-store.ts";
import { NETSUITE_ACCOUNTANT_ID, NETSUITE_INTEGRATION } from "./actors.ts";
import { DAY, HOUR, monthOf } from "./calendar.ts";
import type { Expense, Firm, Invoice, Milestone, Project } from "./model.ts";
import {
  CONSULTING_ITEM,
  CURRENCY_IDS,
  chargeRow,
  type NetSuiteIds,
  READY_CHARGE,
  SUBSIDIARY_IDS,
} from "./netsuite-rows.ts";
import { idOf, type Replay, type VendorIds, type Withheld } from "./replay.ts";

/** Adds the steps to `replay`; the caller runs it. Documents of a project the ERP does not know are left out. */
export function seedLedger(
  firm: Firm,
  store: VendorStore,
  salesforce: VendorIds,
  ids: NetSuiteIds,
  replay: Replay,
  withheld: Withheld,
): void {
  for (const project of firm.projects)
    if (!withheld.has(project.id))
      for (const milestone of project.milestones)
        seedCharge(project, milestone, store, salesforce, ids, replay);
  for (const invoice of firm.invoices) {
    if (withheld.has(invoice.projectId)) continue;
    replay.step(invoice.createdAt, (at) => {
      const mark = { at, by: NETSUITE_ACCOUNTANT_ID };
      const id = store.write("invoice", null, invoiceRow(invoice, salesforce, ids, store), mark);
      ids.set(invoice.id, id);
      for (const { milestoneId } of invoice.lines)
        if (milestoneId !== null) store.write("charge", idOf(ids, milestoneId), { invoice: id }, mark);
    });
    const paidAt = invoice.createdAt + 33 * DAY;
    if (paidAt < firm.asOf - DAY)
      replay.step(paidAt, (at) => {
        const paid = { status: "Paid In Full", amountRemaining: "0" };
        store.write("invoice", idOf(ids, invoice.id), paid, { at, by: NETSUITE_ACCOUNTANT_ID });
      });
  }
  for (const [n, expense] of firm.expenses.entries()) {
    if (expense.postedAt === null || withheld.has(expense.projectId)) continue;
    replay.step(expense.postedAt, (at) => {
      const row = expenseReportRow(expense, n, firm, salesforce, ids);
      ids.set(expense.id, store.write("expenseReport", null, row, { at, by: NETSUITE_INTEGRATION }));
    });
  }
}

/** A milestone waits as a charge on hold until it is accepted. */
function seedCharge(
  project: Project,
  milestone: Milestone,
  store: VendorStore,
  salesforce: VendorIds,
  ids: NetSuiteIds,
  replay: Replay,
): void {
  replay.step(project.createdAt + 4 * HOUR, (at) => {
    const row = chargeRow(project, milestone, idOf(salesforce, milestone.id), ids);
    ids.set(milestone.id, store.write("charge", null, row, { at, by: NETSUITE_INTEGRATION }));
  });
  if (milestone.acceptedAt !== null)
    replay.step(milestone.acceptedAt + 2 * HOUR, (at) => {
      const ready = { stage: READY_CHARGE };
      store.write("charge", idOf(ids, milestone.id), ready, { at, by: NETSUITE_INTEGRATION });
    });
}

function invoiceRow(invoice: Invoice, salesforce: VendorIds, ids: VendorIds, store: VendorStore): Row {
  const billed = (timeLine: string): Row => {
    const timeBill = idOf(ids, timeLine);
    return { timeBill, custcol_psa_time_id: store.get("timeBill", timeBill)?.custcol_psa_time_id ?? null };
  };
  return {
    tranId: invoice.number,
    entity: idOf(ids, invoice.projectId),
    tranDate: invoice.issuedOn,
    dueDate: addDays(invoice.issuedOn, 30),
    currency: CURRENCY_IDS[invoice.currency],
    subsidiary: SUBSIDIARY_IDS[invoice.entity],
    postingPeriod: idOf(ids, `period:${monthOf(invoice.issuedOn)}`),
    total: invoice.total,
    amountRemaining: invoice.total,
    // The project's order, in an account that keeps one.
    otherRefNum: store.get("job", idOf(ids, invoice.projectId))?.custentity_po_number ?? null,
    status: "Open",
    lines: invoice.lines.map((line) => ({
      item: CONSULTING_ITEM,
      description: line.description,
      quantity: line.rate === null ? "1" : line.hours,
      rate: line.rate ?? line.amount,
      amount: line.amount,
      job: idOf(ids, invoice.projectId),
      ...(line.timeLine === null ? {} : billed(line.timeLine)),
      ...(line.milestoneId === null ? {} : { custcol_psa_milestone_id: idOf(salesforce, line.milestoneId) }),
      ...(line.expenseId === null ? {} : { custcol_psa_expense_id: idOf(salesforce, line.expenseId) }),
    })),
  };
}

function expenseReportRow(
  expense: Expense,
  order: number,
  firm: Firm,
  salesforce: VendorIds,
  ids: VendorIds,
): Row {
  const person = firm.people.find((p) => p.id === expense.personId);
  return {
    externalId: idOf(salesforce, expense.id),
    tranId: `EXP${3_001 + order}`,
    entity: idOf(ids, expense.personId),
    tranDate: expense.incurredOn,
    currency: CURRENCY_IDS[expense.currency],
    ...(person ? { subsidiary: SUBSIDIARY_IDS[person.entity] } : {}),
    total: expense.amount,
    amountRemaining: expense.amount,
    status: "Approved by Accounting",
    supervisorApproval: true,
    accountingApproval: true,
    lines: [
      {
        category: expense.category,
        expenseDate: expense.incurredOn,
        amount: expense.amount,
        quantity: "1",
        rate: expense.amount,
        currency: CURRENCY_IDS[expense.currency],
        customer: idOf(ids, expense.projectId),
        isBillable: expense.isBillable,
        custcol_psa_expense_id: idOf(salesforce, expense.id),
      },
    ],
  };
}
