/** The documents that live in the ERP: invoices to clients and expense reports of people. */

import { addDays } from "#core/time";
import type { Row, VendorStore } from "../vendor-store.ts";
import { NETSUITE_ACCOUNTANT_ID, NETSUITE_INTEGRATION } from "./actors.ts";
import { DAY, monthOf } from "./calendar.ts";
import type { Expense, Firm, Invoice } from "./model.ts";
import { CONSULTING_ITEM, CURRENCY_IDS, type NetSuiteIds, SUBSIDIARY_IDS } from "./netsuite-rows.ts";
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
  for (const invoice of firm.invoices) {
    if (withheld.has(invoice.projectId)) continue;
    replay.step(invoice.createdAt, (at) => {
      ids.set(
        invoice.id,
        store.write("invoice", null, invoiceRow(invoice, ids, store), { at, by: NETSUITE_ACCOUNTANT_ID }),
      );
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

function invoiceRow(invoice: Invoice, ids: VendorIds, store: VendorStore): Row {
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
    status: "Open",
    lines: invoice.lines.map((line) => ({
      item: CONSULTING_ITEM,
      description: line.description,
      quantity: line.rate === null ? "1" : line.hours,
      rate: line.rate ?? line.amount,
      amount: line.amount,
      job: idOf(ids, invoice.projectId),
      ...(line.timeLine === null ? {} : billed(line.timeLine)),
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
        isBillable: true,
      },
    ],
  };
}
