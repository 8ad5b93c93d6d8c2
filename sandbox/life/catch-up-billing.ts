/** What people do about expenses, charges and invoices that were changed a little ago: each is set to what it follows from. */
import { sum } from "#core/decimal";
import type { SeededStores } from "../faults/planting.ts";
import { NETSUITE_INTEGRATION } from "../firm/actors.ts";
import { READY_CHARGE } from "../firm/netsuite-rows.ts";
import type { Row } from "../vendor-store.ts";

interface Work {
  stores: SeededStores;
  key: string;
  at: number;
}

const mark = (at: number) => ({ at, by: NETSUITE_INTEGRATION });

/** The ERP's expense is given the amount that was approved. */
export function alignExpense({ stores, key, at }: Work): void {
  const approved = stores.salesforce.get("pse__Expense__c", key);
  const report = [...stores.netsuite.rows("expenseReport")].find((r) => r.externalId === key);
  if (!approved || !report) return;
  const amount = String(approved.pse__Amount__c);
  const lines = ((report.lines ?? []) as readonly Row[]).map((l) => ({ ...l, amount, rate: amount }));
  stores.netsuite.write("expenseReport", String(report.id), { total: amount, lines }, mark(at));
}

/** The charge of an accepted milestone is released. */
export function releaseCharge({ stores, key, at }: Work): void {
  const accepted = stores.salesforce.get("pse__Milestone__c", key)?.pse__Approved__c === true;
  const charge = [...stores.netsuite.rows("charge")].find((r) => r.externalId === key);
  if (accepted && charge)
    stores.netsuite.write("charge", String(charge.id), { stage: READY_CHARGE }, mark(at));
}

/** An invoice is given the total of its lines. */
export function totalInvoice({ stores, key, at }: Work): void {
  const invoice = stores.netsuite.get("invoice", key);
  if (!invoice) return;
  const total = sum(((invoice.lines ?? []) as readonly Row[]).map((l) => String(l.amount)));
  stores.netsuite.write("invoice", key, { total }, mark(at));
}
